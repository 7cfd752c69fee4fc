package dev.parley.server.rest;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes a value when it is first wanted, and keeps it.
final class Once<T> implements Supplier<T> {
  private final Supplier<T> maker;
  private volatile @Nullable T value;

  Once(Supplier<T> maker) {
    this.maker = maker;
  }

  /// The value; two threads that come first may both make it, which does no harm.
  @Override
  public T get() {
    var made = value;
    if (made == null) {
      made = maker.get();
      value = made;
    }
    return made;
  }
}
