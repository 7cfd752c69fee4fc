/// What happened, as values that carry ids, and the port that tells all nodes.
@NullMarked
package dev.parley.server.domain.event;

import org.jspecify.annotations.NullMarked;
