/// Tests of the second seed's dialect.
@NullMarked
package dev.parley.server.compat.messaging;

import org.jspecify.annotations.NullMarked;
