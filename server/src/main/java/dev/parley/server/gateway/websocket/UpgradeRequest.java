package dev.parley.server.gateway.websocket;

import java.util.List;

/// The HTTP request that asks for a WebSocket, however it was read.
///
/// @param method as sent
/// @param version such as `HTTP/1.1`
/// @param headerCount of all names
/// @param headers all values of a header by its name, whatever the case; empty if it was not sent
public record UpgradeRequest(String method, String version, int headerCount, Headers headers) {
  @FunctionalInterface
  public interface Headers {
    List<String> all(String name);
  }
}
