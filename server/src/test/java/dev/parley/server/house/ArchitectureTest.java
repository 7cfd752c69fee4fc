package dev.parley.server.house;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The walls of the house, as ARCHITECTURE.md draws them.
final class ArchitectureTest {
  private static final String ROOT = "dev.parley.server.";

  /// Each subject of the domain may import those before it.
  private static final List<String> SUBJECTS =
      List.of(
          "event",
          "access",
          "limit",
          "identity",
          "org",
          "directory",
          "room",
          "file",
          "message",
          "search",
          "presence",
          "notify",
          "task",
          "intake");

  private static JavaClasses all;

  @BeforeAll
  static void read() {
    all =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.parley");
  }

  @Test
  void theProtocolDependsOnNothingOfOurs() {
    noClasses()
        .that()
        .resideInAPackage("dev.parley.protocol..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.parley.server..", "dev.parley.client..")
        .check(all);
  }

  @Test
  void theBaseKnowsOnlyJava() {
    classes()
        .that()
        .resideInAPackage(ROOT + "base..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", ROOT + "base..", "org.jspecify..")
        .check(all);
  }

  @Test
  void theDomainKnowsNoTechnology() {
    classes()
        .that()
        .resideInAPackage(ROOT + "domain..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage("java..", ROOT + "base..", ROOT + "domain..", "org.jspecify..")
        .check(all);
    noClasses()
        .that()
        .resideInAPackage(ROOT + "domain..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", "java.net.http..")
        .check(all);
  }

  @Test
  void theSubjectsOfTheDomainStandInOrder() {
    for (int i = 0; i < SUBJECTS.size(); i++) {
      var later = new ArrayList<String>();
      SUBJECTS.subList(i + 1, SUBJECTS.size()).forEach(name -> later.add(domain(name)));
      if (!later.isEmpty()) {
        noClasses()
            .that()
            .resideInAPackage(domain(SUBJECTS.get(i)))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(later.toArray(String[]::new))
            .check(all);
      }
    }
    classes()
        .that()
        .resideInAPackage(ROOT + "domain..")
        .should()
        .resideInAnyPackage(SUBJECTS.stream().map(ArchitectureTest::domain).toArray(String[]::new))
        .check(all);
  }

  @Test
  void nobodyImportsTheApp() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "app..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage(ROOT + "app..")
        .check(all);
  }

  @Test
  void theEdgesKnowTheDomainAndNotEachOther() {
    wall("gateway", "rest", "compat", "adapter", "worker");
    wall("rest", "gateway", "compat", "adapter", "worker");
    wall("compat", "adapter", "worker");
    wall("worker", "gateway", "rest", "compat", "adapter");
  }

  @Test
  void adaptersKnowTheDomainAndNotTheEdges() {
    wall("adapter", "gateway", "rest", "compat", "worker");
  }

  /// One source of connections, and what needs them raw stays beside it (docs/adr/0007).
  @Test
  void connectionsStayWithPostgres() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "adapter.postgres..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("javax.sql..", "com.zaxxer.hikari..", "com.github.kagkarlsson..")
        .check(all);
  }

  @Test
  void adaptersNeverImportEachOther() {
    slices().matching(ROOT + "adapter.(*)..").should().notDependOnEachOther().check(all);
  }

  @Test
  void noPackageIsPartOfACycle() {
    slices().matching("dev.parley.(**)").should().beFreeOfCycles().check(all);
  }

  /// Time and chance are handed in (docs/decisions.md), or nothing could be simulated.
  @Test
  void timeAndChanceAreHandedIn() {
    noClasses()
        .that()
        .resideInAnyPackage(
            ROOT + "domain..", ROOT + "gateway..", ROOT + "rest..", ROOT + "compat..")
        .should()
        .callMethod(java.time.Instant.class, "now")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .orShould()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(java.util.UUID.class, "randomUUID")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(all);
  }

  private static void wall(String room, String... forbidden) {
    var packages = new ArrayList<String>();
    for (var name : forbidden) {
      packages.add(ROOT + name + "..");
    }
    noClasses()
        .that()
        .resideInAPackage(ROOT + room + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages.toArray(String[]::new))
        .allowEmptyShould(true)
        .check(all);
  }

  private static String domain(String subject) {
    return ROOT + "domain." + subject + "..";
  }
}
