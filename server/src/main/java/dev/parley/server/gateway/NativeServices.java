package dev.parley.server.gateway;

import dev.parley.server.base.Ids;
import dev.parley.server.domain.access.AccessControl;
import dev.parley.server.domain.identity.Tickets;
import dev.parley.server.domain.message.Messages;
import dev.parley.server.domain.presence.Presence;
import dev.parley.server.domain.room.HeadLookup;
import dev.parley.server.domain.room.Members;
import dev.parley.server.domain.room.Rooms;
import dev.parley.server.domain.room.UserLog;
import java.time.InstantSource;

/// The use cases behind the native protocol.
public record NativeServices(
    Authenticator authenticator,
    Tickets tickets,
    AccessControl accessControl,
    Rooms rooms,
    Members members,
    Messages messages,
    UserLog userLog,
    DeliveryMarks deliveryMarks,
    Presence presence,
    Ids ids,
    InstantSource clock,
    NativeTimes times,
    HeadLookup heads) {}
