/// Rooms, their members and the log that orders everything in them.
@NullMarked
package dev.parley.server.domain.room;

import org.jspecify.annotations.NullMarked;
