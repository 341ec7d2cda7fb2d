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
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** What others do in the same cluster is no reason to wait. */
  @ParameterizedTest
  @ValueSource(strings = {"elsewhere", "here", "here, with tables of the queue", "prepared"})
  void aReaderDoesNotWaitForTransactionsThatStoreNoEvents(String which) throws Exception {
    String database = PostgresServer.newDatabase();
    String other = which.equals("elsewhere") ? PostgresServer.newDatabase() : database;
    try (SqlNode node = SqlNode.postgres(database, InstantSource.system());
        Connection open = DriverManager.getConnection(PostgresServer.url(other));
        Statement statement = open.createStatement()) {
      node.queue().add(job("first"));
      open.setAutoCommit(false);
      statement.execute("SELECT pg_current_xact_id()");
      if (which.contains("tables")) {
        statement.execute("UPDATE queue_jobs SET data = data WHERE FALSE");
        statement.execute("LOCK TABLE queue_jobs IN ROW EXCLUSIVE MODE");
      }
      if (which.equals("prepared")) {
        statement.execute("CREATE TABLE elsewhere (one INTEGER)");
        statement.execute("PREPARE TRANSACTION 'left over'");
      }
      QueueEvents seen = node.queue().events(EventControl.NEWEST, 100, Duration.ZERO);
      node.queue().add(job("second"));
      node.queue().addBulk(List.of(job("third"), job("fourth")));
      assertThat(added(node.queue().events(EventControl.OLDEST, 100, Duration.ZERO)))
          .containsExactly("first", "second", "third", "fourth");
      assertThat(added(node.queue().events(seen.next(), 100, Duration.ZERO)))
          .containsExactly("second", "third", "fourth");
      open.rollback();
      open.setAutoCommit(true);
      if (which.equals("prepared")) {
        statement.execute("ROLLBACK PREPARED 'left over'");
      }
    }
  }

  /** A writer that has drawn no number yet, and one whose savepoint was undone, are waited for. */
  @Test
  void aWriterWithManyPartsIsWaitedForFromItsFirstOn() throws Exception {
    String database = PostgresServer.newDatabase();
    try (SqlNode node = SqlNode.postgres(database, InstantSource.system());
        Connection older = DriverManager.getConnection(PostgresServer.url(database))) {
      TaskQueue queue = node.queue();
      older.setAutoCommit(false);
      Savepoint before = older.setSavepoint();
      node.queue().add(older, job("undone"));
      older.rollback(before);
      node.queue().add(older, job("one"));
      queue.add(job("between"));
      node.queue().add(older, job("two"));
      queue.add(job("after"));
      assertThat(added(queue.events(EventControl.OLDEST, 100, Duration.ZERO))).isEmpty();
      older.commit();
      assertThat(added(queue.events(EventControl.OLDEST, 100, Duration.ZERO)))
          .containsExactly("one", "between", "two", "after");
    }
  }

  /** Readers and writers at once: every reader sees all events in one order, without a gap. */
  @Test
  void parallelWritersLeaveNoGap() throws Exception {
    String database = PostgresServer.newDatabase();
    int writers = 6;
    int each = 60;
    try (SqlNode node = SqlNode.postgres(database, InstantSource.system())) {
      ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
      List<Future<?>> done = new ArrayList<>();
      for (int writer = 0; writer < writers; writer++) {
        int number = writer;
        done.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < each; i++) {
                    if (i % 5 == 0) {
                      node.queue().addBulk(List.of(job(number + "-" + i)));
                    } else {
                      node.queue().add(job(number + "-" + i));
                    }
                  }
                }));
      }
      List<String> seen = new ArrayList<>();
      String cursor = EventControl.OLDEST;
      while (seen.size() < writers * each) {
        boolean over = done.stream().allMatch(Future::isDone);
        QueueEvents events = node.queue().events(cursor, 7, Duration.ZERO);
        assertThat(events.gap()).isFalse();
        seen.addAll(added(events));
        cursor = events.next();
        assertThat(over && events.items().isEmpty()).as("all seen").isFalse();
      }
      for (Future<?> one : done) {
        one.get();
      }
      threads.close();
      assertThat(seen).doesNotHaveDuplicates().hasSize(writers * each);
    }
  }

  /** Versions before had ids of transactions in the cursors. */
  @Test
  void cursorsAndEventsOfEarlierVersionsGoOn() throws Exception {
    String database = PostgresServer.newDatabase();
    try (SqlNode node = SqlNode.postgres(database, InstantSource.system());
        Connection connection = DriverManager.getConnection(PostgresServer.url(database));
        Statement statement = connection.createStatement()) {
      node.queue().add(job("one"));
      node.queue().add(job("two"));
      statement.execute("UPDATE queue_events SET xact = 700 + number");
      node.queue().add(job("three"));
      assertThat(added(node.queue().events(EventControl.OLDEST, 100, Duration.ZERO)))
          .containsExactly("one", "two", "three");
      assertThat(added(node.queue().events("701.2.0", 100, Duration.ZERO)))
          .containsExactly("two", "three");
    }
  }

  /** Numbers begin again in another database. */
  @Test
  void eventsOfAnotherServerAreAGap() throws Exception {
    String database = PostgresServer.newDatabase();
    try (SqlNode node = SqlNode.postgres(database, InstantSource.system());
        Connection restore = DriverManager.getConnection(PostgresServer.url(database));
        Statement statement = restore.createStatement()) {
      node.queue().add(job("old"));
      QueueEvents old = node.queue().events(EventControl.OLDEST, 100, Duration.ZERO);
      statement.execute("UPDATE queue_events SET xact = xact + 1");
      String cursor = old.next().split("\\.", -1)[0] + ".1000000000.0";
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
