package dev.parley.server.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.random.RandomGenerator;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SigningSecretTest {
  private final RandomGenerator chance = new SecureRandom();

  @TempDir Path folder;

  @Test
  void makesASecretOnceThatOnlyItsOwnerReads() throws Exception {
    var kept = new SigningSecret.Kept(folder.resolve("data/jwt-secret"));
    byte[] first = kept.key(chance);
    assertThat(first).hasSizeGreaterThanOrEqualTo(SigningSecret.MIN_BYTES);
    assertThat(kept.key(chance)).isEqualTo(first);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept.file())))
        .isEqualTo("rw-------");
    try (var files = Files.list(folder.resolve("data"))) {
      assertThat(files).containsExactly(kept.file());
    }
  }

  @Test
  void processesThatStartTogetherAgree() throws Exception {
    var kept = new SigningSecret.Kept(folder.resolve("jwt-secret"));
    var starts = new ArrayList<Callable<String>>();
    for (int i = 0; i < 16; i++) {
      starts.add(() -> new String(kept.key(chance)));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var secrets = new HashSet<String>();
      for (var start : threads.invokeAll(starts)) {
        secrets.add(start.get());
      }
      assertThat(secrets).hasSize(1);
    }
  }

  @Test
  void refusesAKeptSecretThatWasCutShort() throws Exception {
    var file = Files.writeString(folder.resolve("jwt-secret"), "short\n");
    assertThatThrownBy(() -> new SigningSecret.Kept(file).key(chance))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining(file.toString())
        .message()
        .isEqualTo(
            ("the secret %s is shorter than 32 bytes: delete the file, and a new one is made")
                .formatted(file));
  }

  @Test
  void saysWhatToDoWhenTheFolderCannotBeMade() throws Exception {
    var file = Files.writeString(folder.resolve("file"), "").resolve("jwt-secret");
    assertThatThrownBy(() -> new SigningSecret.Kept(file).key(chance))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("set JWT_SECRET, or PARLEY_DATA");
  }

  /// Tokens that another program signs with a short secret must verify here.
  @Test
  void aShortSecretSignsAsItWouldElsewhere() throws Exception {
    var given = new SigningSecret.Given(new Secret("your-secret-key"));
    assertThat(given.tooShort()).isTrue();
    byte[] key = given.key(chance);
    assertThat(key).hasSize(SigningSecret.MIN_BYTES);
    assertThat(signed(key)).isEqualTo(signed("your-secret-key".getBytes()));
  }

  private static byte[] signed(byte[] key) throws Exception {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(key, "HmacSHA256"));
    return mac.doFinal("header.payload".getBytes());
  }
}
