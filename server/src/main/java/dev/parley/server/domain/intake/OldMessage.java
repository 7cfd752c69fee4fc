package dev.parley.server.domain.intake;

import dev.parley.server.base.UserId;
import dev.parley.server.domain.message.NewMessage;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// A message that another program has taken.
///
/// @param message its op is made from what never changes about the message there ([OldIds])
/// @param at when it was taken
/// @param wish the id that its clients know it by; empty if they know none
/// @param editedAt when it got the content that it has, if it had another one before
/// @param parent the message of the same room that it answers
public record OldMessage(
    UserId author,
    NewMessage message,
    Instant at,
    OptionalLong wish,
    Optional<Instant> editedAt,
    Optional<Parent> parent) {
  /// A message by what finds it again.
  public record Parent(UserId author, UUID op) {}
}
