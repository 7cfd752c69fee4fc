package dev.parley.server.testing;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.adapter.postgres.DatabaseConfig;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Hands a [TestDatabase] to the constructor or the methods of a test class:
/// `@ExtendWith(PostgresExtension.class)`. The server is shared by the whole run, the database by
/// the class.
public final class PostgresExtension implements ParameterResolver {
  private static final Namespace SHARED = Namespace.create(PostgresExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == TestDatabase.class || type == Database.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    TestDatabase database = databaseOf(context);
    return parameter.getParameter().getType() == Database.class ? database.database() : database;
  }

  private static TestDatabase databaseOf(ExtensionContext context) {
    SharedPostgres postgres =
        context
            .getRoot()
            .getStore(SHARED)
            .computeIfAbsent("server", key -> new SharedPostgres(), SharedPostgres.class);
    Class<?> test = context.getRequiredTestClass();
    return classOf(context)
        .getStore(SHARED)
        .computeIfAbsent(test, key -> new OpenDatabase(postgres), OpenDatabase.class)
        .database;
  }

  /// The context that ends with the class, so that its connections do not wait for the end of the
  /// run.
  private static ExtensionContext classOf(ExtensionContext context) {
    var found = context;
    while (found.getTestMethod().isPresent()) {
      found = found.getParent().orElseThrow();
    }
    return found;
  }

  /// Closed by JUnit at the end of the class.
  private static final class OpenDatabase implements AutoCloseable {
    private final SharedPostgres postgres;
    private final TestDatabase database;

    private OpenDatabase(SharedPostgres postgres) {
      this.postgres = postgres;
      DatabaseConfig config = postgres.create().withConnections(3, 2);
      var opened =
          Database.open(config, RandomGenerator.getDefault(), Telemetry.SILENT, Ticker.SYSTEM);
      this.database = new TestDatabase(opened, config, postgres.superuser(config));
    }

    @Override
    public void close() {
      database.database().close();
      postgres.drop(database.config());
    }
  }
}
