package dev.parley.server.flow;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.client.Time;
import dev.parley.client.verify.Campaign;
import dev.parley.client.verify.CampaignOptions;
import dev.parley.client.verify.CampaignOptions.Target;
import dev.parley.client.verify.VerifyOptions;
import dev.parley.server.app.Main;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A short version of `./parley verify --campaign`: a server of its own is killed under load.
final class CampaignTest {
  private static final int KILLS = 2;

  @ParameterizedTest
  @EnumSource(Target.class)
  void nothingIsLostByAKill(Target target, @TempDir Path folder) throws IOException {
    var data = Files.createDirectories(folder.resolve("data"));
    int port = freePort();
    var out = new ByteArrayOutputStream();
    var options =
        new CampaignOptions(
            target,
            KILLS,
            200,
            Duration.ofMillis(500),
            Duration.ofMillis(1_500),
            serve(port, data),
            Set.of("DATABASE_URL"),
            data);
    var load =
        new VerifyOptions(
            List.of(URI.create("http://127.0.0.1:" + port)),
            Duration.ofSeconds(1),
            2,
            4,
            4,
            4,
            50,
            16,
            Duration.ofSeconds(1),
            Duration.ofSeconds(60),
            Optional.empty(),
            7);

    boolean isClean =
        new Campaign(load, options, Time.system(), new PrintStream(out, true, UTF_8)).run();

    assertThat(isClean).as(out.toString(UTF_8)).isTrue();
    assertThat(out.toString(UTF_8)).contains("kill " + KILLS + ",");
  }

  private static List<String> serve(int port, Path data) {
    return List.of(
        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow",
        "-cp",
        System.getProperty("java.class.path"),
        Main.class.getName(),
        "serve",
        "--host",
        "127.0.0.1",
        "--port",
        String.valueOf(port),
        "--api-port",
        "off",
        "--data",
        data.toString());
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
