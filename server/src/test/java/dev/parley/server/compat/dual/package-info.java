@NullMarked
package dev.parley.server.compat.dual;

import org.jspecify.annotations.NullMarked;
