/// Takes a request from the socket to its route and the answer back: registry, filters, errors.
@NullMarked
package dev.parley.server.rest.http;

import org.jspecify.annotations.NullMarked;
