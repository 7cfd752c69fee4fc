package dev.parley.server.adapter.postgres;

import com.google.errorprone.annotations.CompileTimeConstant;
import java.util.List;
import java.util.Optional;

/// An open transaction. It is handed to the work by [Database], and it is of no use afterwards; its
/// kind says which rows it sees.
///
/// Arguments may be null, text, numbers, booleans, [java.util.UUID], [java.time.Instant], bytes,
/// ids of `base`, arrays of these ([String], [java.util.UUID], `long`, `int`, `boolean`,
/// [java.time.Instant], `byte[]`), or an [Optional] of any.
public sealed interface Tx permits OrgTx, UserTx, GlobalTx, LogTx {
  /// The statements of this transaction; for this package only.
  Statements statements();

  /// All rows. The statement itself bounds their number.
  default <T> List<T> query(
      @CompileTimeConstant final String sql, RowMapper<T> mapper, Object... arguments) {
    return statements().query(sql, mapper, arguments);
  }

  /// The row, if there is one.
  ///
  /// @throws DatabaseException when there are several
  default <T> Optional<T> queryOne(
      @CompileTimeConstant final String sql, RowMapper<T> mapper, Object... arguments) {
    return statements().queryOne(sql, mapper, arguments);
  }

  /// Runs a statement that changes rows.
  ///
  /// @return how many
  default int update(@CompileTimeConstant final String sql, Object... arguments) {
    return statements().update(sql, arguments);
  }
}
