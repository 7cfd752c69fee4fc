package dev.parley.protocol;

/// A frame that is no valid command or event.
public final class MalformedFrameException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final long id;
  private final boolean unparsable;

  private MalformedFrameException(long id, boolean unparsable, String message) {
    super(message, null, false, false);
    this.id = id;
    this.unparsable = unparsable;
  }

  /// The text is not one JSON object at all.
  static MalformedFrameException unparsable(String message) {
    return new MalformedFrameException(0, true, message);
  }

  /// The text is an object, but a field of it is missing or wrong.
  public static MalformedFrameException wrongField(long id, String message) {
    return new MalformedFrameException(id, false, message);
  }

  /// The id of the command that is refused, or 0.
  public long id() {
    return id;
  }

  /// Whether the connection is beyond repair (close 4400) rather than just the command.
  public boolean unparsable() {
    return unparsable;
  }

  /// What is wrong, in words fit for the client.
  public String reason() {
    var message = getMessage();
    return message == null ? "malformed frame" : message;
  }
}
