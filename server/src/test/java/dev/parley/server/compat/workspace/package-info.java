/// Tests of the first seed's dialect.
@NullMarked
package dev.parley.server.compat.workspace;

import org.jspecify.annotations.NullMarked;
