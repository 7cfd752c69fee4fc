package dev.parley.server.adapter.password;

import dev.parley.server.domain.identity.Password;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;

/// Verifies bcrypt hashes of older systems (`$2a$`, `$2b$`, `$2y$`). None is made: bcrypt reads
/// only the first 72 bytes of a password.
final class BcryptHash {
  // A cost beyond 14 would take seconds.
  private static final Pattern SHAPE =
      Pattern.compile("\\$2[aby]\\$(0[4-9]|1[0-4])\\$[./A-Za-z0-9]{53}");

  private BcryptHash() {}

  static boolean isOne(String hash) {
    return SHAPE.matcher(hash).matches();
  }

  static boolean matches(String hash, Password password) {
    return OpenBSDBCrypt.checkPassword(hash, password.bytes());
  }
}
