/// The in-process twins of what a cluster shares: a single node needs nothing else.
@NullMarked
package dev.parley.server.adapter.memory;

import org.jspecify.annotations.NullMarked;
