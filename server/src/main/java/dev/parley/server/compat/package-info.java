/// Speaks the four seed dialects on top of gateway and rest.
@NullMarked
package dev.parley.server.compat;

import org.jspecify.annotations.NullMarked;
