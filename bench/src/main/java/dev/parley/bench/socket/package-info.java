/// Runs the bare frame layer as a server, for conformance suites and load generators.
@NullMarked
package dev.parley.bench.socket;

import org.jspecify.annotations.NullMarked;
