import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;

/** db-scheduler on PostgreSQL, in its fast mode (lock-and-fetch) and with immediate execution. */
final class DbSchedulerDriver implements Driver {
  private final HikariDataSource pool;
  private volatile Runnable handler = () -> {};
  private final OneTimeTask<String> task =
      Tasks.oneTime("job", String.class).execute((instance, context) -> handler.run());

  /** Adds jobs; while there is a worker it is that one, which so hears of them at once. */
  private volatile Scheduler client;

  private final Scheduler idle;

  private DbSchedulerDriver(String url) throws SQLException {
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(60);
    pool = new HikariDataSource(config);
    execute(
        """
        create table if not exists scheduled_tasks (
          task_name text not null, task_instance text not null, task_data bytea,
          execution_time timestamp with time zone not null, picked boolean not null, picked_by text,
          last_success timestamp with time zone, last_failure timestamp with time zone,
          consecutive_failures int, last_heartbeat timestamp with time zone, version bigint not null,
          priority smallint, primary key (task_name, task_instance))""");
    execute("create index if not exists execution_time_idx on scheduled_tasks (execution_time)");
    execute("create index if not exists last_heartbeat_idx on scheduled_tasks (last_heartbeat)");
    idle = Scheduler.create(pool, task).threads(1).build();
    client = idle;
  }

  public static void main(String[] arguments) throws Exception {
    Driver.drive(arguments[0], DbSchedulerDriver::new);
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = pool.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private TaskInstance<String> job() {
    return task.instance(UUID.randomUUID().toString(), PAYLOAD);
  }

  @Override
  public void add() {
    client.schedule(job(), Instant.now());
  }

  @Override
  public void addBulk(int jobs) {
    List<TaskInstance<?>> instances = new ArrayList<>();
    for (int i = 0; i < jobs; i++) {
      instances.add(job());
    }
    idle.scheduleBatch(instances, Instant.now());
  }

  @Override
  public Running work(int concurrency, Runnable given) {
    handler = given;
    Semaphore stored = new Semaphore(0);
    Scheduler scheduler =
        Scheduler.create(pool, task)
            .schedulerName(new SchedulerName.Fixed("bench-" + ProcessHandle.current().pid()))
            .threads(concurrency)
            .pollUsingLockAndFetch(0.5, 1.0)
            .enableImmediateExecution()
            .shutdownMaxWait(Duration.ofSeconds(1))
            .addSchedulerListener(
                new AbstractSchedulerListener() {
                  @Override
                  public void onExecutionComplete(ExecutionComplete complete) {
                    stored.release();
                  }
                })
            .build();
    scheduler.start();
    client = scheduler;
    return new Running() {
      @Override
      public void awaitStored(int jobs) throws InterruptedException {
        stored.acquire(jobs);
      }

      @Override
      public void stop() {
        client = idle;
        scheduler.stop();
      }
    };
  }

  @Override
  public void clear() throws SQLException {
    execute("truncate scheduled_tasks");
  }

  @Override
  public void close() {
    pool.close();
  }
}
