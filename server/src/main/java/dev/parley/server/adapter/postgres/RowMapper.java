package dev.parley.server.adapter.postgres;

import java.sql.SQLException;

/// Makes an object of a row.
///
/// @param <T> the object
@FunctionalInterface
public interface RowMapper<T> {
  T map(Row row) throws SQLException;
}
