/// Describes all routes as OpenAPI 3.1, from the routes themselves.
@NullMarked
package dev.parley.server.rest.openapi;

import org.jspecify.annotations.NullMarked;
