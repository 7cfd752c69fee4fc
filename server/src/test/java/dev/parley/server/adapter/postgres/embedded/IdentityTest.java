package dev.parley.server.adapter.postgres.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdentityTest {
  private static final int STRANGER = 54_321;

  @TempDir Path folder;

  @BeforeEach
  void open() throws IOException {
    Permissions.set(folder, 0755);
  }

  @Test
  void findsTheFolderThatAStrangerMayNotEnter() throws IOException {
    Path closed = Files.createDirectory(folder.resolve("closed"));
    Path inside = Files.createDirectories(closed.resolve("a/b"));
    Permissions.set(closed, 0700);
    assertThat(Identity.closedFolder(inside, STRANGER)).contains(closed);
    assertThat(Identity.closedFolder(inside, Permissions.owner(closed))).isEmpty();
  }

  @Test
  void findsNothingWhereEveryFolderIsOpen() throws IOException {
    Path open = Files.createDirectory(folder.resolve("open"));
    Permissions.set(open, 0711);
    assertThat(Identity.closedFolder(open, STRANGER)).isEmpty();
  }

  @Test
  void runsDirectlyUnlessRoot() throws IOException {
    var home = new Folder(Files.createDirectory(folder.resolve("postgres")));
    Identity identity = Identity.of(home);
    boolean root = Permissions.ownUid() == 0;
    assertThat(identity.prefix().isEmpty()).isEqualTo(!root);
    assertThat(identity.uid()).isEqualTo(root ? Identity.NOBODY : Permissions.ownUid());
  }
}
