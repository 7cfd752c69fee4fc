/// Calls the HTTP routes of a Parley server.
@NullMarked
package dev.parley.client.rest;

import org.jspecify.annotations.NullMarked;
