/// Who is asking, and the only proof that they may.
@NullMarked
package dev.parley.server.domain.access;

import org.jspecify.annotations.NullMarked;
