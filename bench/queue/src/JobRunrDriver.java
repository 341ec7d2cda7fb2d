import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import javax.sql.DataSource;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.scheduling.BackgroundJob;
import org.jobrunr.server.BackgroundJobServer;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.postgres.PostgresStorageProvider;
import org.jobrunr.storage.sql.sqlite.SqLiteStorageProvider;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** JobRunr OSS on PostgreSQL or SQLite; it looks for jobs every 5 seconds, the least it allows. */
public final class JobRunrDriver implements Driver {
  private static final Semaphore HANDLED = new Semaphore(0);
  private static volatile Runnable handler = () -> {};

  private final DataSource source;
  private final StorageProvider storage;

  private JobRunrDriver(String url) {
    if (url.startsWith("jdbc:sqlite:")) {
      SQLiteConfig config = new SQLiteConfig();
      config.setJournalMode(SQLiteConfig.JournalMode.WAL);
      config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
      config.setTransactionMode(SQLiteConfig.TransactionMode.IMMEDIATE);
      config.setBusyTimeout(20_000);
      SQLiteDataSource sqlite = new SQLiteDataSource(config);
      sqlite.setUrl(url);
      source = sqlite;
      storage = new SqLiteStorageProvider(sqlite);
    } else {
      HikariConfig config = new HikariConfig();
      config.setJdbcUrl(url);
      config.setMaximumPoolSize(60);
      source = new HikariDataSource(config);
      storage = new PostgresStorageProvider(source);
    }
    JobRunr.configure().useStorageProvider(storage).initialize();
  }

  public static void main(String[] arguments) throws Exception {
    Driver.drive(arguments[0], JobRunrDriver::new);
  }

  /** What its jobs call. */
  public static void handle(String payload) {
    handler.run();
    HANDLED.release();
  }

  @Override
  public void add() {
    BackgroundJob.enqueue(() -> handle(PAYLOAD));
  }

  @Override
  public void addBulk(int jobs) {
    BackgroundJob.enqueue(Stream.generate(() -> PAYLOAD).limit(jobs), payload -> handle(payload));
  }

  @Override
  public Running work(int concurrency, Runnable given) {
    handler = given;
    HANDLED.drainPermits();
    JobRunr.configure()
        .useStorageProvider(storage)
        .useBackgroundJobServer(
            BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                .andPollInterval(Duration.ofSeconds(5))
                .andWorkerCount(concurrency))
        .initialize();
    BackgroundJobServer server = JobRunr.getBackgroundJobServer();
    return new Running() {
      @Override
      public void awaitStored(int jobs) throws Exception {
        HANDLED.acquire(jobs);
        while (succeeded() < jobs) {
          Thread.sleep(20);
        }
      }

      @Override
      public void stop() {
        server.stop();
      }
    };
  }

  private long succeeded() throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery("select count(*) from jobrunr_jobs where state = 'SUCCEEDED'")) {
      row.next();
      return row.getLong(1);
    }
  }

  @Override
  public void clear() throws SQLException {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute("delete from jobrunr_jobs");
    }
  }

  @Override
  public void close() {
    JobRunr.destroy();
  }
}
