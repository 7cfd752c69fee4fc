/// Tests of the third seed's dialect.
@NullMarked
package dev.parley.server.compat.gochat;

import org.jspecify.annotations.NullMarked;
