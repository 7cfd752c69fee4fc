package dev.parley.server.domain.identity;

/// Judges access tokens by their signature and claims alone, without asking anybody.
public interface TokenVerifier {
  /// What a genuine, unexpired token says.
  ///
  /// @throws dev.parley.server.base.RefusedException expired for a genuine token that has ended;
  ///   otherwise unauthorized, always with the same words
  VerifiedToken verify(String token);
}
