package dev.mainstay.queue.sql;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobHandler;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A queue in the table {@code queue_jobs}, which may hold any number of queues. A job is handled at
 * least once: again if its worker dies or loses the lease before its end is stored.
 *
 * <p>A job that waits again, after a failure or with its worker lost, keeps its place in the order
 * of arrival. Failures of the store reach the caller as {@link Transactions} throws them, or as
 * {@link StoreException} from the methods that take a connection.
 */
public final class SqlTaskQueue implements TaskQueue {
  private final String name;
  private final Transactions transactions;
  private final InstantSource clock;
  private final Dialect dialect;
  private final JobTable jobs;
  private final LeaseTable leases;
  private final List<SqlWorker> workers = new CopyOnWriteArrayList<>();

  /**
   * @param clock decides when jobs are due and when leases end; hosts that share a queue need
   *     clocks that agree to well within a lease
   */
  public SqlTaskQueue(
      String name, Transactions transactions, InstantSource clock, Dialect dialect) {
    this.name = name;
    this.transactions = transactions;
    this.clock = clock;
    this.dialect = dialect;
    this.jobs = new JobTable(name);
    this.leases = new LeaseTable(name, dialect);
  }

  /** The statements that make the table and its indexes, if they are not there. */
  public List<String> schema() {
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
  public void createSchema() {
    List<String> statements = schema();
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
  public String name() {
    return name;
  }

  @Override
  public Job add(JobRequest request) {
    Job job = transactions.write(connection -> jobs.add(connection, request, clock.instant()));
    wake();
    return job;
  }

  @Override
  public Job add(Connection transaction, JobRequest request) {
    return within(transaction, connection -> jobs.add(connection, request, clock.instant()));
  }

  @Override
  public void wake() {
    workers.forEach(SqlWorker::wake);
  }

  @Override
  public Optional<Job> find(String id) {
    return transactions.read(connection -> jobs.find(connection, id));
  }

  @Override
  public Map<JobState, Long> counts() {
    return transactions.read(jobs::counts);
  }

  @Override
  public boolean remove(Connection transaction, String id) {
    return within(transaction, connection -> jobs.remove(connection, id));
  }

  @Override
  public Worker work(WorkerOptions options, JobHandler handler) {
    SqlWorker.Store store = new SqlWorker.Store(leases, transactions, clock);
    SqlWorker worker = new SqlWorker(name, store, options, handler, workers::remove);
    workers.add(worker);
    worker.start();
    return worker;
  }

  @Override
  public int takeOver(String workerId) {
    int count = transactions.write(connection -> leases.takeOver(connection, workerId));
    wake();
    return count;
  }

  private static <T> T within(Connection transaction, Transactions.Work<T> work) {
    try {
      return work.run(transaction);
    } catch (SQLException e) {
      throw new StoreException("The queue's table could not be changed", e);
    }
  }
}
