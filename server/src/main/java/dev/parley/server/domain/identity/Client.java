package dev.parley.server.domain.identity;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import dev.parley.server.domain.limit.ClientAddress;

/// The program that asks for tokens, and from where.
///
/// @param deviceName how its owner will recognise it in the list of devices
public record Client(String deviceName, ClientAddress address) {
  private static final String UNNAMED = "unnamed device";

  public Client {
    var name = Names.optional("device_name", deviceName, Limits.NAME);
    deviceName = name.isEmpty() ? UNNAMED : name;
  }
}
