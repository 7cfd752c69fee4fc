package dev.parley.client.rest;

import dev.parley.protocol.ServerEvent;
import java.util.List;

/// One page of a room's messages, ascending.
///
/// @param more whether there is more in the direction that was asked for
public record Page<E extends ServerEvent.InRoom>(List<E> items, boolean more) {}
