package dev.mainstay.queue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.JobState;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every statement finds its rows by an index and in order: none reads what it does not need. */
final class SqlitePlansTest {
  private static final String BY_SEQUENCE = "SEARCH queue_jobs USING INTEGER PRIMARY KEY (rowid=?)";
  private static final String BY_ID = "(queue=? AND id=?)";

  @TempDir Path directory;

  static Stream<Arguments> statements() {
    Statements statements = new Statements(Dialect.sqlite());
    return Stream.of(
        plan("claim", statements.claim, "queue_jobs_waiting (queue=? AND group_name=?)"),
        plan("claim one", statements.claimOne, "queue_jobs_waiting (queue=? AND group_name=?)"),
        plan("wanted", Statements.WANTED, "queue_jobs_waiting (queue=? AND group_name=?)"),
        plan("groups", Statements.GROUPS_AFTER, "queue_jobs_waiting (queue=? AND group_name>?)"),
        plan(
            "groups up to",
            Statements.GROUPS_UP_TO,
            "queue_jobs_waiting (queue=? AND group_name>? AND group_name<?)"),
        plan(
            "active of group",
            Statements.ACTIVE_OF_GROUP,
            "COVERING INDEX queue_jobs_active_groups (queue=? AND group_name=?)"),
        plan("rate uses", RateTable.USES, "(queue=? AND group_name=? AND measure=?)"),
        plan("deduplication", DeduplicationTable.FIND, "(queue=? AND id=?)"),
        plan("kept jobs", DeduplicationTable.DUE, "queue_deduplications_next (queue=?)"),
        plan("scheduler", SchedulerTable.FIND, BY_ID),
        plan("list schedulers", SchedulerTable.LIST, "(queue=? AND id>?)"),
        plan("sweep", DeduplicationTable.SWEEP_TO, "(queue=? AND id>?)"),
        plan(
            "expired deduplications",
            statements.removeExpiredDeduplications,
            "queue_deduplications_expiry (queue=? AND expires_at>? AND expires_at<?)"),
        plan("settings", SettingsTable.SELECT, "queue_jobs_waiting (queue=? AND group_name>?)"),
        plan(
            "front",
            Statements.FRONT,
            "queue_jobs_waiting (queue=? AND group_name=? AND priority=? AND position<?)"),
        plan("promote", statements.promote, "queue_jobs_delayed (queue=? AND run_at<?)"),
        plan("promote all", statements.promoteAll, "queue_jobs_delayed (queue=?)"),
        plan("recover", statements.recover, "queue_jobs_active (queue=? AND lease_until<?)"),
        plan("settle", Statements.SETTLE, BY_SEQUENCE),
        plan("settle and remove", Statements.SETTLE_AND_REMOVE, BY_SEQUENCE),
        plan("renew", Statements.RENEW, BY_SEQUENCE),
        plan(
            "cancellations",
            Statements.CANCELLATIONS,
            "queue_jobs_canceled (queue=? AND worker_id=?)"),
        plan("take over", Statements.TAKE_OVER, "queue_jobs_active (queue=?)"),
        plan("oldest kept", Statements.OLDEST_KEPT, "queue_jobs_finished (queue=? AND state=?"),
        plan("prune", statements.prune, "queue_jobs_finished (queue=? AND state=?"),
        plan("drain", statements.drainWaiting, "queue_jobs_waiting (queue=?)"),
        plan("drain delayed", statements.drainDelayed, "queue_jobs_delayed (queue=?)"),
        plan("obliterate", statements.removeAny, "sqlite_autoindex_queue_jobs_1 (queue=?)"),
        plan("clean", statements.cleanWaiting, "queue_jobs_waiting (queue=?)"),
        plan("clean delayed", statements.cleanDelayed, "queue_jobs_delayed (queue=?)"),
        plan(
            "clean finished",
            statements.cleanFinished,
            "queue_jobs_finished (queue=? AND state=? AND finished_at>? AND finished_at<?)"),
        plan(
            "retry all",
            statements.retryAll,
            "queue_jobs_finished (queue=? AND state=? AND finished_at>? AND finished_at<?)"),
        plan("lock job", statements.lockJob, BY_ID),
        plan("find", Statements.FIND, BY_ID),
        plan(
            "read events",
            new EventTable(Dialect.sqlite()).read,
            "queue_events_order (queue=? AND xact=? AND number>?)"),
        plan(
            "newest event",
            new EventTable(Dialect.sqlite()).newest,
            "queue_events_order (queue=? AND xact=?)"),
        plan("events to prune", EventTable.NEWEST_FIRST, "queue_events_order (queue=?)"),
        plan(
            "prune events",
            new EventTable(Dialect.sqlite()).prune,
            "queue_events_order (queue=? AND"),
        plan("metrics", MetricsTable.SELECT, "(queue=? AND minute>? AND minute<?)"),
        plan("old metrics", MetricsTable.REMOVE_OLD, "(queue=? AND minute<?)"),
        plan(
            "gone workers",
            new WorkerTable("q", Dialect.sqlite()).removeGone,
            "queue_workers_seen (seen_at<?)"),
        plan("remove worker", WorkerTable.REMOVE, "(id=?)"),
        plan("workers", WorkerTable.LIST, "queue_workers_queue (queue=? AND id>?)"),
        plan("jobs of workers", WorkerTable.ACTIVE, "queue_jobs_active (queue=?)"),
        plan("part of a flow", FlowTable.PART_OF_FLOW, BY_SEQUENCE),
        plan("waits", FlowTable.WAITS, "queue_children_unprocessed (parent_sequence=?)"),
        plan("process", FlowTable.PROCESS, "(parent_sequence=? AND queue=? AND id=?)"),
        plan("remove dependency", FlowTable.REMOVE, "(parent_sequence=? AND queue=? AND id=?)"),
        plan("wait again", FlowTable.AGAIN, "(parent_sequence=? AND queue=? AND id=?)"),
        plan("free", FlowTable.FREE, BY_SEQUENCE),
        plan("defer failure", FlowTable.DEFER_FAILURE, BY_SEQUENCE),
        plan("dependencies", FlowTable.LIST, "(parent_sequence=? AND (queue,id)>(?,?))"),
        plan("count dependencies", FlowTable.COUNT, "(parent_sequence=?)"),
        plan("children", FlowRemoval.CHILDREN, "queue_children_unprocessed (parent_sequence=?)"),
        plan("remove parents", FlowRemoval.PARENTS, "sqlite_autoindex_queue_jobs_1 (queue=?)"),
        plan("add to parent", FlowInserts.ADD_TO_PARENT, BY_SEQUENCE),
        plan(
            "list waiting for children",
            Statements.list(JobState.WAITING_CHILDREN, false),
            "queue_jobs_waiting_children (queue=?"),
        plan(
            "list waiting",
            Statements.list(JobState.WAITING, false),
            "queue_jobs_waiting (queue=?"),
        plan(
            "list completed",
            Statements.list(JobState.COMPLETED, false),
            "queue_jobs_finished (queue=? AND state=? AND"),
        plan("count active", Statements.ACTIVE, "COVERING INDEX queue_jobs_active (queue=?)"),
        plan("outlook, waiting", Statements.OUTLOOK, "COVERING INDEX queue_jobs_waiting (queue=?)"),
        plan("outlook, delayed", Statements.OUTLOOK, "COVERING INDEX queue_jobs_delayed (queue=?)"),
        plan("outlook, active", Statements.OUTLOOK, "COVERING INDEX queue_jobs_active (queue=?)"),
        plan(
            "counts",
            Statements.COUNTS,
            "COVERING INDEX queue_jobs_finished (queue=? AND state=?"));
  }

  private static Arguments plan(String name, String sql, String expected) {
    return Arguments.of(Named.of(name, sql), expected);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("statements")
  void readsOnlyTheRowsItNeeds(String sql, String expected) {
    try (SqlNode node = SqlNode.sqlite(directory.resolve("plans.db"), InstantSource.system())) {
      List<String> plan =
          node.transactions()
              .read(
                  connection -> {
                    List<String> steps = new ArrayList<>();
                    try (var statement = connection.prepareStatement("EXPLAIN QUERY PLAN " + sql);
                        ResultSet rows = statement.executeQuery()) {
                      while (rows.next()) {
                        steps.add(rows.getString("detail"));
                      }
                    }
                    return steps;
                  });

      assertThat(plan)
          .anySatisfy(step -> assertThat(step).contains(expected))
          .allSatisfy(
              step ->
                  assertThat(step)
                      .doesNotContain("SCAN queue_jobs")
                      .doesNotContain("SCAN queue_children")
                      .doesNotContain("TEMP B-TREE FOR ORDER"));
    }
  }
}
