/// Speaks HTTP: request in, use case, response out.
@NullMarked
package dev.parley.server.rest;

import org.jspecify.annotations.NullMarked;
