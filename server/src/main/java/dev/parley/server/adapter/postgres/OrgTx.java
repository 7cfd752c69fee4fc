package dev.parley.server.adapter.postgres;

/// Sees the rows of one organization and the tables without a tenant.
public final class OrgTx implements Tx {
  private final Statements statements;

  OrgTx(Statements statements) {
    this.statements = statements;
  }

  @Override
  public Statements statements() {
    return statements;
  }
}
