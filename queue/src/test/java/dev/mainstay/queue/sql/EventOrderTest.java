package dev.mainstay.queue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.EventControl;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.QueueEvent;
import dev.mainstay.queue.QueueEvents;
import dev.mainstay.queue.TaskQueue;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * On PostgreSQL transactions are not committed in the order of the numbers that they have taken.
 */
final class EventOrderTest {
  @TempDir Path directory;

  private static JobRequest job(String id) {
    return JobRequest.of("test", "{}").with(options -> options.id(id));
  }

  private static List<String> added(QueueEvents events) {
    return events.items().stream()
        .filter(event -> !event.details().isEmpty())
        .map(event -> event.jobId().orElse(""))
        .toList();
  }

  @Test
  void aReaderWaitsForTransactionsThatAreOlderThanWhatItCouldSee() throws Exception {
    String database = PostgresServer.newDatabase();
    try (SqlNode node = SqlNode.postgres(database, InstantSource.system());
        Connection older = DriverManager.getConnection(PostgresServer.url(database))) {
      TaskQueue queue = node.queue();
      queue.add(job("first"));
      older.setAutoCommit(false);
      node.queue().add(older, job("older"));
      queue.add(job("newer"));

      QueueEvents before = queue.events(EventControl.OLDEST, 100, Duration.ZERO);
      assertThat(added(before)).containsExactly("first");
      QueueEvents newest = queue.events(EventControl.NEWEST, 100, Duration.ZERO);
      older.commit();
      QueueEvents after = queue.events(before.next(), 100, Duration.ZERO);
      assertThat(added(after)).containsExactly("older", "newer");
      assertThat(added(queue.events(newest.next(), 100, Duration.ZERO)))
          .containsExactly("older", "newer");
    }
  }

  @Test
  void aTransactionThatIsUndoneIsNotWaitedForAnyMore() throws Exception {
    String database = PostgresServer.newDatabase();
    try (SqlNode node = SqlNode.postgres(database, InstantSource.system());
        Connection older = DriverManager.getConnection(PostgresServer.url(database))) {
      older.setAutoCommit(false);
      node.queue().add(older, job("undone"));
      node.queue().add(job("kept"));
      older.rollback();
      assertThat(added(node.queue().events(EventControl.OLDEST, 100, Duration.ZERO)))
          .containsExactly("kept");
    }
  }

  /** Transaction ids begin anew on another server. */
  @Test
  void eventsOfAnotherServerAreAGap() throws Exception {
    String database = PostgresServer.newDatabase();
    try (SqlNode node = SqlNode.postgres(database, InstantSource.system());
        Connection restore = DriverManager.getConnection(PostgresServer.url(database));
        Statement statement = restore.createStatement()) {
      node.queue().add(job("old"));
      QueueEvents old = node.queue().events(EventControl.OLDEST, 100, Duration.ZERO);
      long far = 1_000_000_000_000L;
      statement.execute("UPDATE queue_events SET xact = xact + " + far);
      String cursor = (Long.parseLong(old.next().split("\\.", -1)[0]) + far) + ".1.0";
      node.queue().add(job("new"));
      QueueEvents events = node.queue().events(cursor, 100, Duration.ZERO);
      assertThat(events.gap()).isTrue();
      assertThat(added(events)).containsExactly("new");
      new EventTable(Dialect.postgres()).prune(restore, "test");
      try (ResultSet rows = statement.executeQuery("SELECT count(*) FROM queue_events")) {
        rows.next();
        assertThat(rows.getInt(1)).isOne();
      }
      assertThat(added(node.queue().events(events.next(), 100, Duration.ZERO))).isEmpty();
      node.queue().add(job("newer"));
      assertThat(added(node.queue().events(events.next(), 100, Duration.ZERO)))
          .containsExactly("newer");
    }
  }

  @Test
  void anEngineObjectMayStoreNoEvents() throws Exception {
    try (SqlNode node = SqlNode.sqlite(directory.resolve("quiet.db"), InstantSource.system())) {
      var quiet =
          new SqlTaskQueue(
              "test",
              node.transactions(),
              InstantSource.system(),
              Dialect.sqlite(),
              Signals.LOCAL,
              false);
      quiet.add(job("quiet"));
      node.queue().add(job("told"));
      assertThat(quiet.events(EventControl.OLDEST, 100, Duration.ZERO).items())
          .extracting(QueueEvent::jobId)
          .allSatisfy(id -> assertThat(id).contains("told"));
    }
  }

  @Test
  void aTransactionHasOneRow() throws Exception {
    try (SqlNode node = SqlNode.sqlite(directory.resolve("rows.db"), InstantSource.system())) {
      node.queue().addBulk(List.of(job("a"), job("b"), job("c")));
      int rows =
          node.transactions()
              .read(
                  connection -> {
                    try (Statement statement = connection.createStatement();
                        ResultSet row =
                            statement.executeQuery("SELECT count(*) FROM queue_events")) {
                      row.next();
                      return row.getInt(1);
                    }
                  });
      assertThat(rows).isOne();
    }
  }
}
