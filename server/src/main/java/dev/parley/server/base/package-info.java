/// Ids, time, chance, limits, telemetry: the words every ring uses.
@NullMarked
package dev.parley.server.base;

import org.jspecify.annotations.NullMarked;
