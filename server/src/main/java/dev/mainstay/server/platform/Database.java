package dev.mainstay.server.platform;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jooq.DSLContext;

/**
 * The relational store. For a {@link Tenant}, PostgreSQL runs all of it with a role that sees the
 * rows of that organization alone, and not the tables of people and their credentials.
 */
public sealed interface Database extends StatementReader, AutoCloseable
    permits SqliteDatabase, PostgresDatabase {

  /**
   * Runs {@code work} in one transaction. When this returns, what it wrote is on disk; if {@code
   * work} throws, nothing of it is.
   *
   * <p>Transactions may run at the same time, in this process and in others, and each statement
   * sees what was committed before it. The work may be run again when its transaction lost a
   * deadlock, so whatever it does but through {@code Tx} must bear that.
   */
  <T extends @org.jspecify.annotations.Nullable Object> T write(Function<Tx, T> work);

  /** As {@link #write}, for work without a result. */
  default void execute(Consumer<Tx> work) {
    this.<@org.jspecify.annotations.Nullable Void>write(
        tx -> {
          work.accept(tx);
          return null;
        });
  }

  /** Runs {@code work} on a read-only connection that sees all that has been committed. */
  <T extends @org.jspecify.annotations.Nullable Object> T read(Function<DSLContext, T> work);

  /** How long a {@link #search} may take. */
  Duration SEARCH_LIMIT = Duration.ofSeconds(5);

  /**
   * As {@link #read}, for what looks at much: few run at a time, one for each organization, and
   * none longer than {@link #SEARCH_LIMIT}.
   *
   * @throws ProblemException 429 or 503, with a time after which to try again
   */
  <T extends @org.jspecify.annotations.Nullable Object> T search(
      String organizationId, Function<DSLContext, T> work);

  /** As {@link #search}, for work that reads by other means, and ends by itself. */
  <T extends @org.jspecify.annotations.Nullable Object> T searching(
      String organizationId, Supplier<T> work);

  /** As {@link #read}, for one kept statement. */
  @Override
  <T> List<T> fetch(
      KeptStatement statement,
      RowReader<T> reader,
      @org.jspecify.annotations.Nullable Object... values);

  @Override
  void close();
}
