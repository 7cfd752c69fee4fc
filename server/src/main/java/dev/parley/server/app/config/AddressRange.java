package dev.parley.server.app.config;

import java.net.InetAddress;

/// A block of IP addresses (RFC 4632): those whose first `prefix` bits equal those of `base`.
public record AddressRange(InetAddress base, int prefix) {
  public AddressRange {
    if (prefix < 0 || prefix > base.getAddress().length * Byte.SIZE) {
      throw new IllegalArgumentException("prefix length out of range: " + prefix);
    }
  }

  /// Reads `10.0.0.0/8`, `fd00::/8`, or one address. Never asks a name server.
  ///
  /// @throws IllegalArgumentException when the text is none of these
  public static AddressRange parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      var address = InetAddress.ofLiteral(text);
      return new AddressRange(address, address.getAddress().length * Byte.SIZE);
    }
    return new AddressRange(
        InetAddress.ofLiteral(text.substring(0, slash)),
        Integer.parseInt(text.substring(slash + 1)));
  }

  /// Whether `address` lies in the block.
  public boolean contains(InetAddress address) {
    byte[] wanted = base.getAddress();
    byte[] given = address.getAddress();
    if (wanted.length != given.length) {
      return false;
    }
    for (int bit = 0; bit < prefix; bit++) {
      int mask = 0x80 >> bit % Byte.SIZE;
      if (((wanted[bit / Byte.SIZE] ^ given[bit / Byte.SIZE]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return base.getHostAddress() + "/" + prefix;
  }
}
