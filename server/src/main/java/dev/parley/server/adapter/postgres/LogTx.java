package dev.parley.server.adapter.postgres;

/// Is the log writer's: it sees what its role was granted, of all organizations.
public final class LogTx implements Tx {
  private final Statements statements;

  LogTx(Statements statements) {
    this.statements = statements;
  }

  @Override
  public Statements statements() {
    return statements;
  }
}
