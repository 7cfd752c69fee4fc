package dev.parley.server.compat.dual;

import dev.parley.server.base.UserId;
import dev.parley.server.compat.SeedImport;
import dev.parley.server.domain.intake.Intake;
import dev.parley.server.domain.intake.OldAccount;
import dev.parley.server.domain.intake.OldTime;
import dev.parley.server.domain.intake.Report;
import dev.parley.server.domain.intake.Source;
import dev.parley.server.domain.intake.SourceRow;
import dev.parley.server.domain.intake.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The fourth seed's database: its users become accounts with their own ids and passwords. Messages
/// it never keeps.
public final class DualImport implements SeedImport {
  /// By way of text, so that it does not matter whether the hash is kept as bytes.
  private static final String USERS =
      """
      select id::text as id, username, encode(hashed_password::text::bytea, 'escape') as hash,
             created_at::timestamptz as created_at
        from users order by created_at, id
      """;

  @Override
  public String family() {
    return "dual";
  }

  @Override
  public boolean fits(Map<String, Set<String>> tables) {
    return SeedImport.has(tables, "users", "id", "username", "hashed_password", "created_at");
  }

  @Override
  public void run(Source source, Intake intake, Report report) {
    intake.reserve(Dual.ORG, Dual.NAME);
    var users = report.table("users");
    source.read(USERS, row -> users.take(row.textOrEmpty("id"), () -> user(row, intake)));
  }

  private static Verdict user(SourceRow row, Intake intake) {
    var id = UserId.account(row.textOrEmpty("id"));
    var verdict =
        intake.account(
            new OldAccount(
                id,
                List.of(row.textOrEmpty("username")),
                "",
                Optional.empty(),
                row.text("hash"),
                OldTime.required(row, "created_at")));
    if (!(verdict instanceof Verdict.Refused)) {
      intake.enrol(Dual.ORG, id);
    }
    return verdict;
  }
}
