package dev.mainstay.queue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.JobState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every statement can find its rows by an index, and in order. */
final class PostgresPlansTest {
  private static final String BY_SEQUENCE = "queue_jobs_pkey";
  private static final String BY_ID = "queue_jobs_queue_id_key";

  static Stream<Arguments> statements() {
    Statements statements = new Statements(Dialect.postgres());
    return Stream.of(
        plan("claim", statements.claim, "queue_jobs_waiting"),
        plan("claim one", statements.claimOne, "queue_jobs_waiting"),
        plan("wanted", Statements.WANTED, "queue_jobs_waiting"),
        plan("groups", Statements.GROUPS_AFTER, "queue_jobs_waiting"),
        plan("groups up to", Statements.GROUPS_UP_TO, "queue_jobs_waiting"),
        plan("active of group", Statements.ACTIVE_OF_GROUP, "queue_jobs_active_groups"),
        plan("deduplication", DeduplicationTable.FIND, "queue_deduplications_queue_id_key"),
        plan("scheduler", SchedulerTable.FIND, "queue_schedulers_pkey"),
        plan("list schedulers", SchedulerTable.LIST, "queue_schedulers_pkey"),
        plan("kept jobs", DeduplicationTable.DUE, "queue_deduplications_next"),
        plan(
            "expired deduplications",
            statements.removeExpiredDeduplications,
            "queue_deduplications_expiry"),
        plan("rate uses", RateTable.USES, "queue_rate_uses_pkey"),
        plan("front", Statements.FRONT, "queue_jobs_waiting"),
        plan("promote", statements.promote, "queue_jobs_delayed"),
        plan("promote all", statements.promoteAll, "queue_jobs_delayed"),
        plan("recover", statements.recover, "queue_jobs_active"),
        plan("settle", Statements.SETTLE, BY_SEQUENCE),
        plan("settle and remove", Statements.SETTLE_AND_REMOVE, BY_SEQUENCE),
        plan("renew", Statements.RENEW, BY_SEQUENCE),
        plan("cancellations", Statements.CANCELLATIONS, "queue_jobs_canceled"),
        plan("take over", Statements.TAKE_OVER, "queue_jobs_active"),
        plan("oldest kept", Statements.OLDEST_KEPT, "queue_jobs_finished"),
        plan("prune", statements.prune, "queue_jobs_finished"),
        plan("drain", statements.drainWaiting, "queue_jobs_waiting"),
        plan("drain delayed", statements.drainDelayed, "queue_jobs_delayed"),
        plan("obliterate", statements.removeAny, "queue_jobs_queue_id_key"),
        plan("clean", statements.cleanWaiting, "queue_jobs_waiting"),
        plan("clean delayed", statements.cleanDelayed, "queue_jobs_delayed"),
        plan("clean finished", statements.cleanFinished, "queue_jobs_finished"),
        plan("retry all", statements.retryAll, "queue_jobs_finished"),
        plan("lock job", statements.lockJob, BY_ID),
        plan("find", Statements.FIND, BY_ID),
        plan("events to prune", EventTable.NEWEST_FIRST, "queue_events_order"),
        plan("prune events", new EventTable(Dialect.postgres()).prune, "queue_events_order"),
        plan("metrics", MetricsTable.SELECT, "queue_metrics_pkey"),
        plan("old metrics", MetricsTable.REMOVE_OLD, "queue_metrics_pkey"),
        plan(
            "gone workers",
            new WorkerTable("q", Dialect.postgres()).removeGone,
            "queue_workers_seen"),
        plan("remove worker", WorkerTable.REMOVE, "queue_workers_pkey"),
        plan("workers", WorkerTable.LIST, "queue_workers_queue"),
        plan("jobs of workers", WorkerTable.ACTIVE, "queue_jobs_active"),
        plan("part of a flow", FlowTable.PART_OF_FLOW, BY_SEQUENCE),
        plan("lock parent", FlowTable.LOCK + "FOR UPDATE", "queue_parents_pkey"),
        plan("waits", FlowTable.WAITS, "queue_children_unprocessed"),
        plan("process", FlowTable.PROCESS, "queue_children_unprocessed"),
        plan("remove dependency", FlowTable.REMOVE, "queue_children_unprocessed"),
        plan("wait again", FlowTable.AGAIN, "queue_children_pkey"),
        plan("free", FlowTable.FREE, BY_SEQUENCE),
        plan("defer failure", FlowTable.DEFER_FAILURE, BY_SEQUENCE),
        plan("dependencies", FlowTable.LIST, "queue_children_pkey"),
        plan("children", FlowRemoval.CHILDREN, "queue_children_unprocessed"),
        plan("remove parents", FlowRemoval.PARENTS + " FOR UPDATE SKIP LOCKED", BY_ID),
        plan("add to parent", FlowInserts.ADD_TO_PARENT, BY_SEQUENCE),
        plan(
            "list waiting for children",
            Statements.list(JobState.WAITING_CHILDREN, false),
            "queue_jobs_waiting_children"),
        plan("list waiting", Statements.list(JobState.WAITING, false), "queue_jobs_waiting"),
        plan("list completed", Statements.list(JobState.COMPLETED, false), "queue_jobs_finished"),
        plan("count active", Statements.ACTIVE, "queue_jobs_active"),
        plan("outlook, waiting", Statements.OUTLOOK, "queue_jobs_waiting"),
        plan("outlook, delayed", Statements.OUTLOOK, "queue_jobs_delayed"),
        plan("outlook, active", Statements.OUTLOOK, "queue_jobs_active"),
        plan("counts", Statements.COUNTS, "queue_jobs_finished"));
  }

  private static Arguments plan(String name, String sql, String index) {
    return Arguments.of(Named.of(name, sql), index);
  }

  private static SqlNode node;

  /** A table of some size: the planner takes any index of an empty one. */
  @BeforeAll
  static void fill() {
    node = SqlNode.postgres(PostgresServer.newDatabase(), InstantSource.system());
    node.transactions()
        .write(
            connection -> {
              try (Statement statement = connection.createStatement()) {
                statement.execute(
                    """
                    INSERT INTO queue_jobs (queue, id, name, data, state, priority, position, delay_ms,
                      attempts, attempts_made, stalled_count, backoff_type, backoff_delay_ms,
                      backoff_jitter, keep_completed, keep_failed, keep_logs, stack_trace_limit,
                      group_name, units, run_at, worker_id, lease_token, lease_until, created_at, finished_at,
                      children, parent_sequence)
                    SELECT 'test', n, 'n', '{}', state, 0, 0, 0, 1, 0, 0, 'fixed', 0, 0, 0, 0, 0, 0, 'g' || n % 9, 1,
                      CASE WHEN state = 'DELAYED' THEN n END, 'w' || n % 7, 0,
                      CASE WHEN state = 'ACTIVE' THEN n END, n,
                      CASE WHEN state IN ('COMPLETED', 'FAILED') THEN n END,
                      CASE WHEN state = 'WAITING_CHILDREN' THEN 4 ELSE 0 END, n - 1
                    FROM generate_series(1, 6000) AS n, LATERAL (SELECT
                      (ARRAY['WAITING', 'WAITING_CHILDREN', 'DELAYED', 'ACTIVE', 'COMPLETED', 'FAILED'])[1 + n % 6]
                        AS state)""");
                statement.execute(
                    """
                    INSERT INTO queue_parents (sequence)
                    SELECT sequence FROM queue_jobs WHERE state = 'WAITING_CHILDREN'""");
                statement.execute(
                    """
                    INSERT INTO queue_children (parent_sequence, queue, id, child_sequence, state)
                    SELECT sequence, 'test', n, sequence, CASE WHEN n = 1 THEN 'UNPROCESSED' ELSE 'PROCESSED' END
                    FROM queue_parents, generate_series(1, 4) AS n""");
                statement.execute("ANALYZE queue_parents");
                statement.execute("ANALYZE queue_children");
                return statement.execute("ANALYZE queue_jobs");
              }
            });
  }

  @AfterAll
  static void close() {
    node.close();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("statements")
  void readsOnlyTheRowsItNeeds(String sql, String index) {
    List<String> plan = node.transactions().write(connection -> plan(connection, sql));

    assertThat(plan)
        .anySatisfy(step -> assertThat(step).contains("using " + index))
        .allSatisfy(step -> assertThat(step).doesNotContain("Seq Scan").doesNotContain("Sort"));
  }

  /** As it is for a table too large to be read whole, with parameters that are not known yet. */
  private static List<String> plan(Connection connection, String sql) throws SQLException {
    AtomicInteger parameters = new AtomicInteger();
    String numbered =
        Pattern.compile("\\?")
            .matcher(sql)
            .replaceAll(parameter -> "\\$" + parameters.incrementAndGet());
    List<String> steps = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL enable_seqscan = off");
      statement.execute("SET LOCAL enable_bitmapscan = off");
      statement.execute("SET LOCAL enable_sort = off");
      statement.execute("SET LOCAL plan_cache_mode = force_generic_plan");
      statement.execute("DEALLOCATE ALL");
      statement.execute("PREPARE planned AS " + numbered);
      String values = String.join(", ", Collections.nCopies(parameters.get(), "NULL"));
      try (ResultSet rows =
          statement.executeQuery("EXPLAIN (COSTS OFF) EXECUTE planned(%s)".formatted(values))) {
        while (rows.next()) {
          steps.add(rows.getString(1));
        }
      }
    }
    return steps;
  }
}
