/// Measures how many messages a server acknowledges, how soon, and at what cost in processor time.
@NullMarked
package dev.parley.bench.ack;

import org.jspecify.annotations.NullMarked;
