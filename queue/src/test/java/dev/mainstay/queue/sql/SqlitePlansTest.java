package dev.mainstay.queue.sql;

import static org.assertj.core.api.Assertions.assertThat;

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
    return Stream.of(
        plan("claim", Statements.claim(Dialect.sqlite()), "queue_jobs_waiting (queue=?)"),
        plan("promote", Statements.PROMOTE, "queue_jobs_delayed (queue=? AND run_at<?)"),
        plan("recover", Statements.RECOVER, "queue_jobs_active (queue=? AND lease_until<?)"),
        plan("settle", Statements.SETTLE, BY_SEQUENCE),
        plan("renew", Statements.RENEW, BY_SEQUENCE),
        plan("take over", Statements.TAKE_OVER, "queue_jobs_active (queue=?)"),
        plan("prune", Statements.PRUNE_COMPLETED, "queue_jobs_finished (queue=? AND state=?"),
        plan("find", Statements.FIND, BY_ID),
        plan("remove", Statements.REMOVE, BY_ID),
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
    try (SqliteNode node = new SqliteNode(directory.resolve("plans.db"), InstantSource.system())) {
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
                      .doesNotContain("TEMP B-TREE FOR ORDER"));
    }
  }
}
