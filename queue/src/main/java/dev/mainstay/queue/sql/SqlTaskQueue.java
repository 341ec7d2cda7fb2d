package dev.mainstay.queue.sql;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.Limits;
import dev.mainstay.queue.TransactionalTaskQueue;
import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.runtime.StoreTaskQueue;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;

/**
 * A queue in the tables {@code queue_*} of a database, which may hold any number of queues. A job
 * is handled at least once: again if its worker dies or loses the lease before its end is stored.
 *
 * <p>A job that waits again, after a failure or with its worker lost, keeps its place in the order
 * of arrival. Failures of the store reach the caller as {@link Transactions} throws them, or as
 * {@link StoreException} from the methods that take a connection.
 */
public final class SqlTaskQueue extends StoreTaskQueue implements TransactionalTaskQueue {
  private final InstantSource clock;
  private final JobTable jobs;
  private final ControlTable control;
  private final Writes writes;

  /**
   * @param clock decides when jobs are due and when leases end; hosts that share a queue need
   *     clocks that agree to well within a lease
   */
  public SqlTaskQueue(
      String name, Transactions transactions, InstantSource clock, Dialect dialect) {
    this(name, transactions, clock, dialect, Signals.LOCAL);
  }

  /**
   * @param clock as in {@link #SqlTaskQueue(String, Transactions, InstantSource, Dialect)}
   * @param signals wake the workers of other queues and processes; with {@link Signals#LOCAL} those
   *     of other processes look every two seconds
   */
  public SqlTaskQueue(
      String name,
      Transactions transactions,
      InstantSource clock,
      Dialect dialect,
      Signals signals) {
    this(name, transactions, clock, dialect, signals, true);
  }

  /**
   * @param signals as in {@link #SqlTaskQueue(String, Transactions, InstantSource, Dialect,
   *     Signals)}
   * @param events false if this object is not to store what happens, which costs a row in each
   *     transaction; it still reads what others store
   */
  public SqlTaskQueue(
      String name,
      Transactions transactions,
      InstantSource clock,
      Dialect dialect,
      Signals signals,
      boolean events) {
    super(new SqlStore(name, transactions, dialect, signals, events), clock);
    this.writes = new Writes(transactions, signals, new EventTable(dialect), events);
    this.clock = clock;
    Statements statements = new Statements(dialect);
    FlowTable flows = new FlowTable(statements);
    this.jobs = new JobTable(name, statements, flows);
    SchedulerTable schedulers = new SchedulerTable(name, statements, jobs);
    this.control = new ControlTable(name, statements, jobs, schedulers, flows);
  }

  /** The statements that make the tables and their indexes, if they are not there. */
  public static List<String> schema(Dialect dialect) {
    try (InputStream resource = SqlTaskQueue.class.getResourceAsStream(dialect.schemaResource())) {
      if (resource == null) {
        throw new IllegalStateException("There is no resource " + dialect.schemaResource());
      }
      String text = new String(resource.readAllBytes(), StandardCharsets.UTF_8);
      // Comments may hold a semicolon, the rest of the schema does not.
      return Arrays.stream(text.replaceAll("--[^\n]*", "").split(";"))
          .map(String::strip)
          .filter(statement -> !statement.isEmpty())
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Runs {@link #schema} in one transaction, for hosts without migrations of their own. */
  public static void createSchema(Transactions transactions, Dialect dialect) {
    List<String> statements = schema(dialect);
    transactions.write(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
              statement.execute(sql);
            }
          }
          return statements.size();
        });
  }

  @Override
  public List<Job> addBulk(Connection transaction, List<JobRequest> requests) {
    Limits.range("The number of jobs", requests.size(), 0, MAX_BULK);
    return within(
        transaction, (connection, now, effects) -> jobs.add(connection, requests, now, effects));
  }

  @Override
  public boolean removeUnstarted(Connection transaction, String id) {
    return within(
        transaction,
        (connection, now, effects) -> control.removeUnstarted(connection, id, now, effects));
  }

  /** A piece of work in the caller's transaction. */
  @FunctionalInterface
  private interface Work<T> {
    T run(Connection connection, Instant now, Effects effects) throws SQLException;
  }

  private <T> T within(Connection transaction, Work<T> work) {
    Instant now = clock.instant();
    return within(
        writes, transaction, now, (connection, effects) -> work.run(connection, now, effects));
  }

  static <T> T within(Writes writes, Connection transaction, Instant now, Writes.Work<T> work) {
    try {
      return writes.within(transaction, now, work);
    } catch (SQLException e) {
      throw new StoreException("The queue's tables could not be changed", e);
    }
  }
}
