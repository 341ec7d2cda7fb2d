import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.memory.MemoryTaskQueue;
import dev.mainstay.queue.redis.RedisConnections;
import dev.mainstay.queue.redis.RedisOptions;
import dev.mainstay.queue.redis.RedisTaskQueue;
import dev.mainstay.queue.sql.DataSourceTransactions;
import dev.mainstay.queue.sql.Dialect;
import dev.mainstay.queue.sql.Signals;
import dev.mainstay.queue.sql.SqlTaskQueue;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collections;
import java.util.concurrent.Semaphore;
import org.sqlite.SQLiteDataSource;

/**
 * Mainstay's queue on any of its engines; options are the defaults, but that a worker takes 500
 * jobs ahead if {@code prefetch} is said.
 */
final class MainstayDriver implements Driver {
  private static final JobRequest JOB = JobRequest.of("job", PAYLOAD);

  private final TaskQueue queue;
  private final AutoCloseable resources;
  private static int prefetch;

  private MainstayDriver(TaskQueue queue, AutoCloseable resources) {
    this.queue = queue;
    this.resources = resources;
  }

  public static void main(String[] arguments) throws Exception {
    prefetch = arguments.length > 1 && arguments[1].equals("prefetch") ? 500 : 0;
    Driver.drive(arguments[0], MainstayDriver::open);
  }

  private static MainstayDriver open(String url) {
    InstantSource clock = InstantSource.system();
    if (url.startsWith("jdbc:sqlite:")) {
      SQLiteDataSource source = new SQLiteDataSource();
      source.setUrl(url);
      DataSourceTransactions transactions =
          new DataSourceTransactions(source, Dialect.sqlite());
      SqlTaskQueue.createSchema(transactions, Dialect.sqlite());
      Signals signals = Signals.sqlite(source::getConnection);
      return new MainstayDriver(
          new SqlTaskQueue("bench", transactions, clock, Dialect.sqlite(), signals),
          () -> {
            signals.close();
            transactions.close();
          });
    }
    if (url.startsWith("jdbc:postgresql:")) {
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl(url);
      config.setMaximumPoolSize(16);
      HikariDataSource pool = new HikariDataSource(config);
      DataSourceTransactions transactions =
          new DataSourceTransactions(pool, Dialect.postgres());
      SqlTaskQueue.createSchema(transactions, Dialect.postgres());
      Signals signals = Signals.postgres(() -> DriverManager.getConnection(url));
      return new MainstayDriver(
          new SqlTaskQueue("bench", transactions, clock, Dialect.postgres(), signals),
          () -> {
            signals.close();
            transactions.close();
            pool.close();
          });
    }
    if (url.startsWith("redis:")) {
      RedisConnections connections = RedisConnections.open(url);
      RedisOptions options = RedisOptions.DEFAULT.withPrefix("mainstay");
      return new MainstayDriver(
          new RedisTaskQueue("bench", connections, clock, options), connections);
    }
    if (url.startsWith("memory:")) {
      return new MainstayDriver(new MemoryTaskQueue("bench", clock), () -> {});
    }
    throw new IllegalArgumentException("no engine for " + url);
  }

  @Override
  public void add() {
    queue.add(JOB);
  }

  @Override
  public void addBulk(int jobs) {
    queue.addBulk(Collections.nCopies(jobs, JOB));
  }

  @Override
  public Running work(int concurrency, Runnable handler) {
    Semaphore handled = new Semaphore(0);
    String workerId = "bench-" + ProcessHandle.current().pid();
    Worker worker =
        queue.work(
            WorkerOptions.of(workerId, concurrency).withPrefetch(prefetch),
            (job, context) -> {
              handler.run();
              handled.release();
              return "";
            });
    return new Running() {
      @Override
      public void awaitStored(int jobs) throws InterruptedException {
        handled.acquire(jobs);
        // A worker that has closed has stored how its jobs ended, and pruned what is not kept.
        worker.close(Duration.ofMinutes(1));
      }

      @Override
      public void stop() {
        worker.close(Duration.ofMinutes(1));
      }
    };
  }

  @Override
  public void clear() {
    queue.obliterate(true);
  }

  @Override
  public void close() throws Exception {
    resources.close();
  }
}
