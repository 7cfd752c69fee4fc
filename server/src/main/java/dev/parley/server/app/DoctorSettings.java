package dev.parley.server.app;

import dev.parley.server.app.config.Config;
import dev.parley.server.app.config.DatabaseConfig;
import dev.parley.server.app.config.Profile;
import dev.parley.server.app.config.SigningSecret;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Set;

/// The doctor's questions about settings that are allowed but may be unwise.
final class DoctorSettings {
  private final Config config;

  DoctorSettings(Config config) {
    this.config = config;
  }

  List<Diagnosis> findings() {
    return List.of(profile(), secret(), open());
  }

  private Diagnosis profile() {
    var profile = config.node().profile();
    var database =
        switch (config.database()) {
          case DatabaseConfig.Embedded embedded -> "an own PostgreSQL in " + embedded.data();
          case DatabaseConfig.External external -> external.url().toString();
        };
    var fact = "%s, role %s, %s".formatted(profile, config.node().role(), database);
    return profile == Profile.DEV && !loopback()
        ? Diagnosis.warn(
            "profile",
            fact,
            "PARLEY_PROFILE=production: others can reach " + config.server().host())
        : Diagnosis.ok("profile", fact);
  }

  private Diagnosis secret() {
    return switch (config.auth().secret()) {
      case SigningSecret.Given given when given.tooShort() ->
          Diagnosis.warn(
              "secret",
              "JWT_SECRET is shorter than 32 bytes",
              "JWT_SECRET=\"$(openssl rand -base64 48)\"");
      case SigningSecret.Given _ -> Diagnosis.ok("secret", "JWT_SECRET is set");
      case SigningSecret.Kept kept -> kept(kept.file());
    };
  }

  private static Diagnosis kept(Path file) {
    if (!Files.exists(file)) {
      return Diagnosis.ok("secret", file + " (made at the first start)");
    }
    return others(file)
        ? Diagnosis.fail(
            "secret",
            "others can read " + file,
            "delete it (all will have to log in again), or chmod 600")
        : Diagnosis.ok("secret", file.toString());
  }

  private static boolean others(Path file) {
    try {
      var own = Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
      return !own.containsAll(Files.getPosixFilePermissions(file));
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }

  private Diagnosis open() {
    if (!config.compat().open()) {
      return Diagnosis.ok("realm", "the open realm is off");
    }
    return loopback()
        ? Diagnosis.ok("realm", "the open realm is on, for this machine only")
        : Diagnosis.warn(
            "realm",
            "the open realm is on: anybody who reaches the port may use it",
            "COMPAT_OPEN=off");
  }

  private boolean loopback() {
    try {
      return InetAddress.getByName(config.server().host()).isLoopbackAddress();
    } catch (IOException e) {
      return false;
    }
  }
}
