package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.server.platform.PostgresFaults;
import dev.mainstay.server.platform.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A worker that is started while PostgreSQL's sessions are being ended all the time. */
@Tag("postgres")
@Timeout(300)
class WorkerInOutageTest {
  private static final int JOBS = 40;

  /** Half of all sessions, several times while a worker starts. */
  private static final String CUT_HALF =
      "select pg_terminate_backend(pid) from pg_stat_activity"
          + " where pid <> pg_backend_pid() and datname = 'postgres' and random() < 0.5";

  private static final int CUTS = 25;
  private static final long PAUSE_NANOS = 300_000_000;

  @TempDir private Path directory;
  private PostgresFaults postgres;
  private TestServer server;

  @BeforeEach
  void start() throws Exception {
    postgres = PostgresFaults.start();
    server =
        TestServer.start(
            directory, Map.of(Setting.ROLES, "web", Setting.DATABASE_URL, postgres.url()));
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    postgres.close();
  }

  @Test
  void startsAndTakesItsJobs() throws Exception {
    for (int i = 0; i < JOBS; i++) {
      assertThat(server.client().post("/api/queues/mail/jobs", "{\"name\": \"a\"}").status())
          .isEqualTo(201);
    }
    AtomicBoolean cutting = new AtomicBoolean(true);
    AtomicInteger cuts = new AtomicInteger();
    Thread cutter = Thread.ofVirtual().start(() -> cut(cutting, cuts));
    await().until(() -> cuts.get() > 0);
    Process worker =
        WorkProcess.start(
            directory, Map.of("MAINSTAY_DATABASE_URL", postgres.url()), "mail", "echo 1");
    try {
      await().atMost(TestTasks.DEADLINE).until(() -> cuts.get() >= CUTS);
      cutting.set(false);
      cutter.join();
      assertThat(worker.isAlive()).as(Files.readString(directory.resolve("worker.log"))).isTrue();
      await()
          .atMost(TestTasks.DEADLINE)
          .until(
              () ->
                  server
                          .client()
                          .get("/api/queues/mail")
                          .json()
                          .path("counts")
                          .path("completed")
                          .asInt()
                      == JOBS);
    } finally {
      cutting.set(false);
      worker.destroyForcibly().waitFor();
    }
  }

  /**
   * Each is read by another step of the start: the check of the database, the owner, the queue. The
   * session that reads it is ended in the middle.
   */
  @ParameterizedTest
  @ValueSource(strings = {"flyway_schema_history", "users", "queues"})
  void goesOnWhenItsSessionIsCutInTheMiddleOfItsStart(String table) throws Exception {
    assertThat(server.client().post("/api/queues/mail/jobs", "{\"name\": \"a\"}").status())
        .isEqualTo(201);
    Process worker;
    try (Connection lock = postgres.begin();
        Statement statement = lock.createStatement()) {
      statement.execute("lock table %s in access exclusive mode".formatted(table));
      worker =
          WorkProcess.start(
              directory, Map.of("MAINSTAY_DATABASE_URL", postgres.url()), "mail", "echo 1");
      await().atMost(TestTasks.DEADLINE).until(() -> cutThoseThatWait() > 0);
      lock.rollback();
    }
    try {
      await()
          .atMost(TestTasks.DEADLINE)
          .until(
              () -> {
                assertThat(worker.isAlive())
                    .as(Files.readString(directory.resolve("worker.log")))
                    .isTrue();
                return server
                        .client()
                        .get("/api/queues/mail")
                        .json()
                        .path("counts")
                        .path("completed")
                        .asInt()
                    == 1;
              });
    } finally {
      worker.destroyForcibly().waitFor();
    }
  }

  /** Ends the sessions that wait for a lock; a transaction would see the same ones each time. */
  private int cutThoseThatWait() throws SQLException {
    try (Connection connection = postgres.begin();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "select count(pg_terminate_backend(pid)) from pg_stat_activity where wait_event_type = 'Lock'")) {
      row.next();
      return row.getInt(1);
    }
  }

  private void cut(AtomicBoolean cutting, AtomicInteger cuts) {
    while (cutting.get()) {
      try {
        postgres.execute(CUT_HALF);
      } catch (SQLException e) {
        // The next one may do.
      }
      cuts.incrementAndGet();
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }
}
