package dev.parley.server.rest;

import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.room.Rooms;
import dev.parley.server.domain.room.UserLog;
import java.time.InstantSource;

/// What event streams read from.
public record FeedSources(
    AccessControl access,
    Rooms rooms,
    UserLog userLog,
    EventWriter writer,
    MineWriter mineWriter,
    InstantSource clock) {}
