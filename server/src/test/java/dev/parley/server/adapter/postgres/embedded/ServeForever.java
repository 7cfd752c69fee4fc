package dev.parley.server.adapter.postgres.embedded;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;

/// A Parley that only runs its database, in a process of its own, to be killed.
final class ServeForever {
  private ServeForever() {}

  public static void main(String[] arguments) throws InterruptedException {
    var postgres = EmbeddedPostgres.start(Path.of(arguments[0]), new SecureRandom(), step -> {});
    System.out.println("pid=" + postgres.pid());
    System.out.flush();
    new CountDownLatch(1).await();
  }
}
