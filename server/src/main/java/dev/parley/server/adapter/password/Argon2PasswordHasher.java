package dev.parley.server.adapter.password;

import dev.parley.server.base.Ids;
import dev.parley.server.domain.identity.Password;
import dev.parley.server.domain.identity.PasswordHasher;

/// Hashes with Argon2id and also verifies bcrypt, which older systems wrote.
public final class Argon2PasswordHasher implements PasswordHasher {
  private final Argon2Cost cost;
  private final Ids ids;

  /// @param cost of new hashes; hashes of another cost verify too, but count as old
  /// @param ids makes the salts
  public Argon2PasswordHasher(Argon2Cost cost, Ids ids) {
    this.cost = cost;
    this.ids = ids;
  }

  @Override
  public String hash(Password password) {
    return Argon2Hash.of(password, cost, ids.secret(Argon2Hash.SALT_BYTES)).toString();
  }

  @Override
  public Verdict verify(Password password, String hash) {
    if (BcryptHash.isOne(hash)) {
      return BcryptHash.matches(hash, password) ? Verdict.RIGHT_BUT_OLD : Verdict.WRONG;
    }
    var kept = Argon2Hash.parse(hash);
    if (kept.isEmpty() || !kept.get().matches(password)) {
      return Verdict.WRONG;
    }
    return kept.get().cost().equals(cost) ? Verdict.RIGHT : Verdict.RIGHT_BUT_OLD;
  }

  @Override
  public boolean knows(String hash) {
    return BcryptHash.isOne(hash) || Argon2Hash.parse(hash).isPresent();
  }
}
