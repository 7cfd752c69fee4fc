package dev.parley.server.adapter.postgres.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.XZInputStream;

final class BinariesTest {
  @TempDir Path target;

  // Every other test runs on the archive of this machine.
  @Test
  void unpacksTheArchiveOfTheOtherArchitecture() throws IOException {
    String name = Binaries.resource().contains("x86") ? "arm_64" : "x86_64";
    InputStream resource =
        BinariesTest.class.getResourceAsStream("/postgres-linux-" + name + ".txz");
    try (InputStream archive = new XZInputStream(resource)) {
      new TarReader(archive, target).unpack();
    }
    assertThat(target.resolve("bin/postgres")).isExecutable();
    assertThat(target.resolve("bin/initdb")).isExecutable();
    assertThat(Permissions.mode(target.resolve("share/postgresql/postgres.bki"))).isEqualTo(0644);
    assertThat(Files.isSymbolicLink(target.resolve("lib/libpq.so.5"))).isTrue();
    assertThat(target.resolve("share/postgresql/timezone/Europe/Berlin")).isRegularFile();
  }

  @Test
  void refusesAnEntryOutsideTheTarget() {
    byte[] archive = new byte[1024];
    write(archive, 0, "../../escaped");
    write(archive, 124, "00000000000");
    archive[156] = '0';
    assertThatThrownBy(() -> new TarReader(new ByteArrayInputStream(archive), target).unpack())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("../../escaped");
  }

  @Test
  void refusesAnArchiveThatEndsTooSoon() {
    assertThatThrownBy(
            () -> new TarReader(new ByteArrayInputStream(new byte[100]), target).unpack())
        .isInstanceOf(IOException.class);
  }

  @Test
  void refusesAFileWithoutBounds() {
    byte[] archive = new byte[1024];
    write(archive, 0, "huge");
    write(archive, 124, "77777777777");
    archive[156] = '0';
    assertThatThrownBy(() -> new TarReader(new ByteArrayInputStream(archive), target).unpack())
        .isInstanceOf(IOException.class)
        .hasMessageContaining("bytes");
  }

  private static void write(byte[] archive, int offset, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    System.arraycopy(bytes, 0, archive, offset, bytes.length);
  }
}
