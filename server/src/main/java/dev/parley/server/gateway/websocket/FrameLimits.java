package dev.parley.server.gateway.websocket;

/// How much one message may cost us.
///
/// @param frameBytes longest payload of one frame; a longer one ends in 1009 as soon as its header
///   is read
/// @param messageBytes longest message, both as sent and after inflating; a longer one ends in 1009
/// @param fragments most frames of one message; one more ends in 1008
public record FrameLimits(int frameBytes, int messageBytes, int fragments) {
  public static final FrameLimits DEFAULT = new FrameLimits(64 * 1024, 64 * 1024, 1024);

  public FrameLimits {
    if (frameBytes < 125 || messageBytes < frameBytes || fragments < 1) {
      throw new IllegalArgumentException(
          "need 125 <= frameBytes <= messageBytes and fragments >= 1, got "
              + frameBytes
              + ", "
              + messageBytes
              + ", "
              + fragments);
    }
  }
}
