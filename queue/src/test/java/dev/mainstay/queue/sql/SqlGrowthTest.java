package dev.mainstay.queue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerInfo;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.contract.SettableClock;
import dev.mainstay.queue.spi.Presence;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is only needed for a time does not stay. */
final class SqlGrowthTest {
  private static final int MANY = 1_200;

  @TempDir static Path directory;

  private final SettableClock clock = new SettableClock();

  static Stream<Named<String>> databases() {
    return Stream.of(
        Named.of("SQLite", "jdbc:sqlite:" + directory.resolve("queue.db")),
        Named.of("PostgreSQL", PostgresServer.url(PostgresServer.newDatabase())));
  }

  @ParameterizedTest
  @MethodSource("databases")
  void forgetsDeduplicationIdsAndRates(String url) {
    try (SqlNode node = SqlNode.at(url, clock)) {
      TaskQueue queue = node.queue("growth");
      queue.setGroupLimits(GroupLimits.NONE.withRate(new RateLimit(1, Duration.ofMinutes(1))));
      List<JobRequest> jobs = new ArrayList<>();
      for (int i = 0; i < MANY; i++) {
        String id = "id-" + i;
        Deduplication deduplication =
            i % 2 == 0
                ? Deduplication.simple(id)
                : Deduplication.throttle(id, Duration.ofMinutes(1));
        jobs.add(
            JobRequest.of("test", "{}")
                .with(options -> options.deduplication(deduplication).group(id)));
      }
      queue.addBulk(jobs);
      assertThat(count(node, "queue_deduplications")).isEqualTo(MANY);
      work(queue, MANY);
      assertThat(count(node, "queue_rate_uses")).isEqualTo(MANY);
      assertThat(count(node, "queue_groups")).isEqualTo(MANY);

      // Jobs that are removed while they wait leave their ids behind.
      queue.pause();
      queue.addBulk(jobs);
      queue.drain(false);
      queue.resume();
      clock.advance(Duration.ofMinutes(2));
      for (int i = 1; i <= 4; i++) {
        queue.add(JobRequest.of("test", "{}").with(options -> options.group("last")));
        clock.advance(Duration.ofMinutes(2));
        work(queue, MANY + i);
      }

      assertThat(count(node, "queue_deduplications")).isZero();
      assertThat(count(node, "queue_rate_uses")).isOne();
      assertThat(count(node, "queue_groups")).isLessThanOrEqualTo(1);
    }
  }

  @ParameterizedTest
  @MethodSource("databases")
  void forgetsTheDeadWorkersOfEveryQueue(String url) {
    try (SqlNode node = SqlNode.at(url, clock)) {
      WorkerTable abandoned = new WorkerTable("abandoned", Dialect.sqlite());
      for (int i = 0; i < 3; i++) {
        Presence dead = new Presence("dead-" + i, "dead", Optional.empty(), i, 1, clock.instant());
        node.transactions().write(connection -> abandoned.put(connection, dead, clock.instant()));
      }
      clock.advance(WorkerInfo.GONE_AFTER.minusMillis(1));
      try (Worker early = node.queue().work(WorkerOptions.of("early", 1), (job, context) -> "")) {
        await().until(() -> count(node, "queue_workers") == 4);
        clock.advance(Duration.ofMillis(1));
        node.queue("other").work(WorkerOptions.of("late", 1), (job, context) -> "").close();
        assertThat(early.active()).isZero();
      }
      assertThat(count(node, "queue_workers")).isZero();
    }
  }

  /** Its own autovacuum comes once a minute, which is too late for a busy queue. */
  @Test
  void takesBackTheSpaceOfJobsThatAreGone() {
    try (SqlNode node = SqlNode.at(PostgresServer.url(PostgresServer.newDatabase()), clock)) {
      TaskQueue queue = node.queue("busy");
      queue.addBulk(Collections.nCopies(Vacuum.EVERY / 2, JobRequest.of("test", "{}")));
      queue.addBulk(Collections.nCopies(Vacuum.EVERY / 2, JobRequest.of("test", "{}")));
      assertThat(vacuums(node)).isZero();
      work(queue, Vacuum.EVERY);
      await().atMost(Duration.ofSeconds(20)).until(() -> vacuums(node) > 0);
    }
  }

  private static long vacuums(SqlNode node) {
    return number(
        node, "SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = 'queue_jobs'");
  }

  /** Has a worker do what waits; it prunes as it stops. */
  private static void work(TaskQueue queue, long completed) {
    Worker worker = queue.work(WorkerOptions.of("worker", 50), (job, context) -> "");
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              var counts = queue.counts();
              return counts.getOrDefault(JobState.WAITING, -1L) == 0
                  && counts.getOrDefault(JobState.ACTIVE, -1L) == 0;
            });
    worker.close();
    assertThat(queue.counts().getOrDefault(JobState.COMPLETED, 0L))
        .isEqualTo(Math.min(completed, 1000));
  }

  private static long count(SqlNode node, String table) {
    return number(node, "SELECT count(*) FROM " + table);
  }

  private static long number(SqlNode node, String sql) {
    return node.transactions()
        .read(
            connection -> {
              try (var statement = connection.prepareStatement(sql);
                  ResultSet row = statement.executeQuery()) {
                row.next();
                return row.getLong(1);
              }
            });
  }
}
