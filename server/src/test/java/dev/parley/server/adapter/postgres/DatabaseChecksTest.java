package dev.parley.server.adapter.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parley.server.base.Finding;
import dev.parley.server.base.Finding.Level;
import dev.parley.server.testing.PostgresExtension;
import dev.parley.server.testing.TestDatabase;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(PostgresExtension.class)
final class DatabaseChecksTest {
  private static final InstantSource CLOCK = InstantSource.system();

  private final TestDatabase test;

  DatabaseChecksTest(TestDatabase test) {
    this.test = test;
  }

  @Test
  void findsNothingWrongInAFreshDatabase() {
    assertThat(findings()).isNotEmpty().allMatch(finding -> finding.level() == Level.OK);
  }

  @Test
  void refusesADatabaseThatAcknowledgesTooEarly() {
    undo(
        "alter database %s reset synchronous_commit",
        "alter database %s set synchronous_commit = off",
        () ->
            assertThat(refusals())
                .singleElement()
                .asString()
                .contains("synchronous_commit is off"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          superuser     | nosuperuser   | parley_app is a superuser
          bypassrls     | nobypassrls   | parley_app has BYPASSRLS
          """)
  void refusesARoleThatLooksPastRowLevelSecurity(String bad, String good, String words) {
    undo(
        "alter role parley_app " + good,
        "alter role parley_app " + bad,
        () ->
            assertThat(refusals())
                .anySatisfy(finding -> assertThat(finding.what()).contains(words)));
  }

  @Test
  void refusesARoleThatOwnsSomething() {
    undo(
        "drop table public.owned",
        "create table public.owned (); alter table public.owned owner to parley_app",
        () ->
            assertThat(refusals())
                .anySatisfy(
                    finding -> assertThat(finding.what()).contains("parley_app owns objects")));
  }

  @Test
  void refusesARoleThatIsAMemberOfTheOwner() {
    undo(
        "revoke parley_owner from parley_app",
        "grant parley_owner to parley_app",
        () ->
            assertThat(refusals())
                .anySatisfy(finding -> assertThat(finding.what()).contains("is a member of")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          create policy p on parley.bad using (org_id = parley.current_org()) with check (org_id = parley.current_org())                                    | not under forced
          alter table parley.bad enable row level security, force row level security                                                                   | no policy with both
          alter table parley.bad enable row level security, force row level security; create policy p on parley.bad using (org_id = parley.current_org())  | no policy with both
          alter table parley.bad enable row level security, force row level security; create policy p on parley.bad using (true) with check (true)     | does not ask
          alter table parley.bad enable row level security, force row level security; create policy p on parley.bad for select to parley_app using (true) | does not ask
          """)
  void refusesATableThatIsNotWalledOff(String statements, String words) {
    undo(
        "drop table parley.bad",
        "create table parley.bad (org_id uuid); alter table parley.bad owner to parley_owner; "
            + statements,
        () ->
            assertThat(refusals())
                .anySatisfy(finding -> assertThat(finding.what()).contains("parley.bad", words)));
  }

  @Test
  void refusesAViewThatReadsWithItsOwnersEyes() {
    undo(
        "drop view parley.peephole",
        "create view parley.peephole as select 1 as n; grant select on parley.peephole to parley_app",
        () -> assertThat(refusals()).singleElement().asString().contains("parley.peephole"));
  }

  @Test
  void warnsOfAClockThatIsWrong() {
    InstantSource wrong = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(-6));
    List<Finding> findings = new DatabaseChecks(test.config(), wrong).run();
    assertThat(findings)
        .filteredOn(finding -> finding.level() != Level.OK)
        .singleElement()
        .satisfies(finding -> assertThat(finding.level()).isEqualTo(Level.WARNING))
        .asString()
        .contains("clock");
  }

  @Test
  void findsThatTheDatabaseIsAway() {
    var nowhere = DatabaseConfig.of("127.0.0.1", 1, "parley", "parley", "secret");
    assertThat(new DatabaseChecks(nowhere, CLOCK).run())
        .singleElement()
        .satisfies(finding -> assertThat(finding.level()).isEqualTo(Level.REFUSAL))
        .asString()
        .doesNotContain("secret");
  }

  private void undo(String undoing, String doing, Runnable between) {
    test.execute(doing.formatted(test.config().database()));
    try {
      between.run();
    } finally {
      test.execute(undoing.formatted(test.config().database()));
    }
  }

  private List<Finding> findings() {
    return new DatabaseChecks(test.config(), CLOCK).run();
  }

  private List<Finding> refusals() {
    return findings().stream().filter(finding -> finding.level() == Level.REFUSAL).toList();
  }
}
