package dev.parley.server.adapter.postgres;

/// Sees the tables without a tenant; of all others it sees no row.
public final class GlobalTx implements Tx {
  private final Statements statements;

  GlobalTx(Statements statements) {
    this.statements = statements;
  }

  @Override
  public Statements statements() {
    return statements;
  }
}
