/// Every limit of rate, in one place.
@NullMarked
package dev.parley.server.domain.limit;

import org.jspecify.annotations.NullMarked;
