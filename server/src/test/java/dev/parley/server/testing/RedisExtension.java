package dev.parley.server.testing;

import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/// Hands a [SharedRedis] to the constructor or the methods of a test class:
/// `@ExtendWith(RedisExtension.class)`. It is shared by the class and ends with it.
public final class RedisExtension implements ParameterResolver {
  private static final Namespace SHARED = Namespace.create(RedisExtension.class);

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == SharedRedis.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return classOf(context)
        .getStore(SHARED)
        .computeIfAbsent("redis", key -> SharedRedis.start(), SharedRedis.class);
  }

  private static ExtensionContext classOf(ExtensionContext context) {
    var found = context;
    while (found.getTestMethod().isPresent()) {
      found = found.getParent().orElseThrow();
    }
    return found;
  }
}
