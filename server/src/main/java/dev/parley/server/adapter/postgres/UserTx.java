package dev.parley.server.adapter.postgres;

/// Sees the rows that belong to one user, in whatever organization, and the tables without a
/// tenant.
public final class UserTx implements Tx {
  private final Statements statements;

  UserTx(Statements statements) {
    this.statements = statements;
  }

  @Override
  public Statements statements() {
    return statements;
  }
}
