package dev.mainstay.queue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Flow;
import dev.mainstay.queue.FlowNode;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.contract.CuttableStore;
import dev.mainstay.queue.contract.CuttableTransactions;
import dev.mainstay.queue.memory.MemoryQueues;
import java.nio.file.Path;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Jobs in another store that come and go with rows of a database. */
final class OutboxTest {
  private static final Duration DEADLINE = Duration.ofSeconds(20);
  private static final InstantSource CLOCK = InstantSource.system();

  @TempDir static Path directory;

  private final MemoryQueues far = new MemoryQueues();
  private final CuttableStore store = new CuttableStore(far.store("far"));
  private final List<AutoCloseable> opened = new ArrayList<>();

  /** Makes a database of a test's own. */
  private interface Making {
    String url();
  }

  static Stream<Named<Making>> databases() {
    return Stream.of(
        Named.of("SQLite", () -> "jdbc:sqlite:" + directory.resolve(UUID.randomUUID() + ".db")),
        Named.of("PostgreSQL", () -> PostgresServer.url(PostgresServer.newDatabase())));
  }

  /** A process that has the database and the other store. */
  private record Host(
      SqlNode node,
      OutboxTaskQueue queue,
      OutboxFlowProducer flows,
      CuttableTransactions transactions) {

    void add(String... ids) {
      transactions.write(
          connection -> queue.addBulk(connection, Stream.of(ids).map(OutboxTest::job).toList()));
      queue.wake();
    }

    long left() {
      return node.transactions()
          .read(
              connection -> {
                try (Statement statement = connection.createStatement();
                    ResultSet row = statement.executeQuery("SELECT count(*) FROM queue_outbox")) {
                  row.next();
                  return row.getLong(1);
                }
              });
    }
  }

  private Host open(String url) {
    SqlNode node = SqlNode.at(url, CLOCK);
    opened.addFirst(node);
    CuttableTransactions transactions = new CuttableTransactions(node.transactions());
    OutboxTaskQueue[] queue = new OutboxTaskQueue[1];
    Outbox outbox = new Outbox(transactions, dialect(url), CLOCK, name -> queue[0], far);
    opened.addFirst(outbox);
    queue[0] = new OutboxTaskQueue(store.store(), outbox, CLOCK);
    return new Host(node, queue[0], new OutboxFlowProducer(far, outbox, CLOCK), transactions);
  }

  private static Dialect dialect(String url) {
    return url.startsWith("jdbc:sqlite:") ? Dialect.sqlite() : Dialect.postgres();
  }

  private static JobRequest job(String id) {
    return JobRequest.of("job", "{}").with(options -> options.id(id));
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened) {
      each.close();
    }
  }

  @ParameterizedTest
  @MethodSource("databases")
  void addsWithTheCommitAndNotWithoutIt(Making database) {
    String url = database.url();
    Host host = open(url);
    host.transactions()
        .write(
            connection -> {
              assertThat(host.queue().add(connection, job("a")).state())
                  .isEqualTo(JobState.WAITING);
              assertThat(store.store().find("a")).isEmpty();
              return 1;
            });
    host.queue().wake();
    assertThatThrownBy(
            () ->
                host.transactions()
                    .write(
                        connection -> {
                          host.queue().add(connection, job("undone"));
                          throw new IllegalStateException("undo");
                        }))
        .hasMessage("undo");

    assertThat(host.queue().find("a")).as("it is never missing").isPresent();
    await().atMost(DEADLINE).until(() -> store.store().find("a").isPresent());
    await().atMost(DEADLINE).until(() -> host.left() == 0);
    assertThat(host.queue().find("undone")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("databases")
  void keepsWhatWasAcknowledgedWhileTheStoreIsAway(Making database) {
    String url = database.url();
    Host host = open(url);
    store.cut(true);
    host.add("a", "b");
    host.add("c");
    await().atMost(DEADLINE).until(() -> store.refusals() > 2);
    assertThat(host.left()).isEqualTo(3);

    store.cut(false);
    await().atMost(DEADLINE).until(() -> host.left() == 0);
    assertThat(host.queue().list(JobState.WAITING, Optional.empty(), 10).items())
        .extracting(Job::id)
        .containsExactly("a", "b", "c");
  }

  /** An hour's delay that was promised is not longer because the store was away. */
  @ParameterizedTest
  @MethodSource("databases")
  void countsDelaysFromWhenAJobWasAccepted(Making database) {
    Host host = open(database.url());
    store.cut(true);
    Duration delay = Duration.ofHours(1);
    Job accepted =
        host.transactions()
            .write(
                connection ->
                    host.queue()
                        .add(connection, job("late").with(options -> options.delay(delay))));
    host.queue().wake();
    host.add("next");
    await().atMost(DEADLINE).until(() -> store.refusals() > 2);
    assertThat(CLOCK.instant()).isAfter(accepted.createdAt().plusMillis(1));

    store.cut(false);
    await().atMost(DEADLINE).until(() -> host.left() == 0);
    Job job = store.store().find("late").orElseThrow();
    assertThat(job.createdAt()).isEqualTo(accepted.createdAt());
    assertThat(job.runAt()).hasValue(accepted.createdAt().plus(delay));
    assertThat(store.store().find("next").orElseThrow().createdAt())
        .isAfterOrEqualTo(accepted.createdAt());
  }

  @ParameterizedTest
  @MethodSource("databases")
  void addsFlowsWithTheCommit(Making database) {
    Host host = open(database.url());
    Flow below =
        Flow.of("other", job("below"), Flow.of("far", job("bottom").with(o -> o.priority(3))));
    Flow flow = Flow.of("far", job("top"), Flow.of("far", job("beside")), below);
    FlowNode added =
        host.transactions()
            .write(
                connection -> {
                  FlowNode accepted = host.flows().add(connection, flow);
                  assertThat(far.store("far").find("top")).isEmpty();
                  return accepted;
                });
    assertThat(host.flows().find("far", "top", 9, 9)).as("it is never missing").hasValue(added);
    assertThat(host.flows().find("far", "top", 2, 1).orElseThrow().children())
        .extracting(FlowNode::children)
        .containsExactly(List.of());
    assertThat(host.queue().find("top").orElseThrow().state()).isEqualTo(JobState.WAITING_CHILDREN);
    assertThatThrownBy(
            () ->
                host.transactions()
                    .write(
                        connection -> {
                          host.flows().add(connection, Flow.of("far", job("undone")));
                          throw new IllegalStateException("undo");
                        }))
        .hasMessage("undo");

    host.flows().wake(List.of(added));
    await().atMost(DEADLINE).until(() -> host.left() == 0);
    assertThat(host.flows().find("far", "top", 9, 9)).hasValue(added);
    assertThat(far.store("far").find("bottom").orElseThrow().parent())
        .hasValue(new JobKey("other", "below"));
    assertThat(far.store("far").find("undone")).isEmpty();
  }

  /** What was accepted and cannot be done yet keeps nothing else. */
  @ParameterizedTest
  @MethodSource("databases")
  void keepsAFlowWhoseChildHasAnotherParent(Making database) {
    Host host = open(database.url());
    host.flows().add(Flow.of("far", job("first"), Flow.of("far", job("child"))));
    FlowNode second =
        host.transactions()
            .write(
                connection ->
                    host.flows()
                        .add(
                            connection,
                            Flow.of("far", job("second"), Flow.of("far", job("child")))));
    host.flows().wake(List.of(second));
    host.add("plain");
    await().atMost(DEADLINE).until(() -> far.store("far").find("plain").isPresent());
    assertThat(host.left()).isOne();
    assertThat(far.store("far").find("second")).isEmpty();

    host.queue().remove("first");
    host.queue().wake();
    await().atMost(DEADLINE).until(() -> host.left() == 0);
    assertThat(far.store("far").find("child").orElseThrow().parent())
        .hasValue(new JobKey("far", "second"));
  }

  @ParameterizedTest
  @MethodSource("databases")
  void removesAlsoWhatIsOnItsWay(Making database) {
    Host host = open(database.url());
    store.cut(true);
    host.add("a", "b");
    assertThatThrownBy(() -> host.queue().obliterate(false))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("have not reached its store");
    assertThat(host.left()).isEqualTo(2);
    store.cut(false);
    await().atMost(DEADLINE).until(() -> host.left() == 0);

    for (int round = 0; round < 20; round++) {
      host.add("x" + round, "y" + round);
      assertThat(host.queue().drain(false)).isEqualTo(round == 0 ? 4 : 2);
      host.add("z" + round);
      host.queue().obliterate(false);
      assertThat(host.left()).isZero();
      assertThat(host.queue().counts().values()).containsOnly(0L);
    }
  }

  @ParameterizedTest
  @MethodSource("databases")
  void addsOnceWhatItCouldNotSayThatItHadAdded(Making database) {
    String url = database.url();
    Host dying = open(url);
    Set<String> ran = new HashSet<>();
    ConcurrentLinkedQueue<String> runs = new ConcurrentLinkedQueue<>();
    dying.transactions().cut(true);
    dying.node().transactions().write(connection -> dying.queue().add(connection, job("once")));
    // It adds the job, and can say so no more: as a process that is killed in between.
    dying.transactions().cutAfter(1);
    dying.queue().wake();
    await().atMost(DEADLINE).until(() -> store.store().find("once").isPresent());
    assertThat(dying.left()).isOne();

    Worker worker =
        dying
            .queue()
            .work(
                WorkerOptions.of("worker", 5),
                (job, context) -> {
                  runs.add(job.id());
                  return "";
                });
    opened.addFirst(worker);
    dying.transactions().cut(false);
    free(dying);
    dying.queue().wake();
    await().atMost(DEADLINE).until(() -> dying.left() == 0 && runs.size() == 1);
    runs.forEach(id -> assertThat(ran.add(id)).isTrue());
  }

  /** Lets time pass until what a process had taken is free again. */
  private static void free(Host host) {
    host.node()
        .transactions()
        .write(
            connection -> {
              try (Statement statement = connection.createStatement()) {
                return statement.executeUpdate("UPDATE queue_outbox SET claimed_until = 0");
              }
            });
  }

  @ParameterizedTest
  @MethodSource("databases")
  void sharesItsWorkAmongProcesses(Making database) {
    String url = database.url();
    List<Host> hosts = List.of(open(url), open(url), open(url));
    ConcurrentLinkedQueue<String> runs = new ConcurrentLinkedQueue<>();
    Worker worker =
        hosts
            .getFirst()
            .queue()
            .work(
                WorkerOptions.of("worker", 20),
                (job, context) -> {
                  runs.add(job.id());
                  return "";
                });
    opened.addFirst(worker);
    IntStream.range(0, 600)
        .parallel()
        .forEach(i -> hosts.get(i % 3).add("job-" + i, "job-" + i + "-second"));

    await().atMost(DEADLINE).until(() -> hosts.getFirst().left() == 0 && runs.size() >= 1200);
    assertThat(runs).doesNotHaveDuplicates().hasSize(1200);
  }

  @ParameterizedTest
  @MethodSource("databases")
  void removesWhatHasNotStarted(Making database) {
    String url = database.url();
    Host host = open(url);
    host.add("stays", "goes");
    await().atMost(DEADLINE).until(() -> host.left() == 0);
    host.transactions().write(connection -> host.queue().removeUnstarted(connection, "goes"));
    host.queue().wake();

    await().atMost(DEADLINE).until(() -> host.left() == 0);
    assertThat(host.queue().find("goes")).isEmpty();
    assertThat(host.queue().find("stays")).isPresent();

    // Before it is there, and one that is unknown.
    store.cut(true);
    host.add("late");
    host.transactions()
        .write(
            connection ->
                host.queue().removeUnstarted(connection, "late")
                    && host.queue().removeUnstarted(connection, "unknown"));
    store.cut(false);
    await().atMost(DEADLINE).until(() -> host.left() == 0);
    assertThat(host.queue().find("late")).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("databases")
  void keepsAloneWhatTheQueueDoesNotTake(Making database) {
    String url = database.url();
    Host host = open(url);
    TaskQueue queue = host.queue();
    Transactions transactions = host.transactions();
    transactions.write(
        connection -> {
          host.queue().add(connection, job("first"));
          OutboxTable.add(connection, "far", job("bad"), List.of(), CLOCK.instant());
          host.queue().add(connection, job("last"));
          try (Statement statement = connection.createStatement()) {
            return statement.executeUpdate(
                "UPDATE queue_outbox SET options = '{\"priority\":-1}' WHERE id = 'bad'");
          }
        });
    queue.wake();
    await()
        .atMost(DEADLINE)
        .until(() -> queue.find("last").filter(job -> host.left() == 1).isPresent());
    assertThat(store.store().find("first")).isPresent();
    assertThat(store.store().find("last")).isPresent();
  }
}
