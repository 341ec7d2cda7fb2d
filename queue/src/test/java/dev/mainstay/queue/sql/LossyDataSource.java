package dev.mainstay.queue.sql;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** A data source whose commits can be done and not be heard of, as when the connection is lost. */
final class LossyDataSource {
  /** connection_failure */
  private static final String CONNECTION_FAILURE = "08006";

  private final DataSource source;
  private final AtomicInteger lost = new AtomicInteger();
  private final AtomicReference<@Nullable BooleanSupplier> losing = new AtomicReference<>();

  LossyDataSource(DataSource source) {
    this.source = source;
  }

  /** The first commit after which this is true fails, once it is done. */
  void loseWhen(BooleanSupplier happened) {
    losing.set(happened);
  }

  int lost() {
    return lost.get();
  }

  DataSource dataSource() {
    return proxy(
        DataSource.class,
        (method, arguments) ->
            method.getName().equals("getConnection")
                ? connection((Connection) method.invoke(source, arguments))
                : method.invoke(source, arguments));
  }

  private Connection connection(Connection connection) {
    return proxy(
        Connection.class,
        (method, arguments) -> {
          Object result = method.invoke(connection, arguments);
          BooleanSupplier happened = losing.get();
          if (method.getName().equals("commit")
              && happened != null
              && happened.getAsBoolean()
              && losing.compareAndSet(happened, null)) {
            lost.incrementAndGet();
            throw new SQLException("The connection was lost", CONNECTION_FAILURE);
          }
          return result;
        });
  }

  @FunctionalInterface
  private interface Handler {
    Object handle(Method method, Object[] arguments)
        throws ReflectiveOperationException, SQLException;
  }

  private static <T> T proxy(Class<T> type, Handler handler) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (proxy, method, arguments) -> {
              try {
                return handler.handle(method, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            }));
  }
}
