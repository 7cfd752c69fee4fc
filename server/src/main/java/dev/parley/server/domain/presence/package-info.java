/// Who is online, and when somebody was last.
@NullMarked
package dev.parley.server.domain.presence;

import org.jspecify.annotations.NullMarked;
