package dev.parley.server.adapter.postgres;

import org.jspecify.annotations.Nullable;

/// What happens in one transaction. It may run more than once, when the database asks for a
/// repetition, so it has no other effects.
///
/// @param <T> the kind of transaction
/// @param <R> the result
@FunctionalInterface
public interface Work<T extends Tx, R extends @Nullable Object> {
  R run(T tx);
}
