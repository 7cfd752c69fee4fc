/// Organizations and their members.
@NullMarked
package dev.parley.server.domain.org;

import org.jspecify.annotations.NullMarked;
