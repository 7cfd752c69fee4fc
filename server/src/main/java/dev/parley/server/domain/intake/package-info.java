/// Takes over what another program has kept.
@NullMarked
package dev.parley.server.domain.intake;

import org.jspecify.annotations.NullMarked;
