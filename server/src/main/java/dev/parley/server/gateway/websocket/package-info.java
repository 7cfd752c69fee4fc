/// Turns bytes into WebSocket frames and back (RFC 6455, RFC 7692), knowing nothing of Parley.
@NullMarked
package dev.parley.server.gateway.websocket;

import org.jspecify.annotations.NullMarked;
