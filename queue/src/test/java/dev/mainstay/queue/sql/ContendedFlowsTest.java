package dev.mainstay.queue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.DependencyState;
import dev.mainstay.queue.Flow;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobNotFoundException;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.JobStateException;
import dev.mainstay.queue.OnFailure;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Flows that several processes end, cancel, retry and remove at once, on PostgreSQL. */
final class ContendedFlowsTest {
  private static final int PARENTS = 20;
  private static final int CHILDREN = 8;
  private static final int NODES = 4;

  @Test
  @Timeout(180)
  void neverLockEachOtherOutAndEndWhole() throws Exception {
    String database = PostgresServer.newDatabase();
    List<SqlNode> nodes = new ArrayList<>();
    List<Worker> workers = new ArrayList<>();
    for (int i = 0; i < NODES; i++) {
      nodes.add(SqlNode.postgres(database, InstantSource.system()));
    }
    TaskQueue parents = nodes.getFirst().queue();
    addFlows(nodes.getFirst(), 0);
    for (int i = 0; i < NODES; i++) {
      WorkerOptions options = WorkerOptions.of("worker-" + i, 6);
      workers.add(nodes.get(i).queue("children").work(options, (job, context) -> child(job)));
      workers.add(nodes.get(i).queue().work(options, (job, context) -> "1"));
    }
    try (ExecutorService threads = Executors.newCachedThreadPool()) {
      List<Future<Integer>> meddlers = new ArrayList<>();
      for (int i = 0; i < NODES; i++) {
        SqlNode node = nodes.get(i);
        int seed = i;
        meddlers.add(threads.submit(() -> meddle(node, seed)));
      }
      for (Future<Integer> meddler : meddlers) {
        assertThat(meddler.get()).as("changes that were made").isPositive();
      }
    }
    await()
        .atMost(Duration.ofMinutes(2))
        .until(() -> settled(parents) && settled(nodes.getFirst().queue("children")));
    workers.forEach(Worker::close);

    for (Job parent : parents.list(JobState.COMPLETED, Optional.empty(), 1000).items()) {
      assertThat(parents.dependencies(parent.id(), Optional.empty(), 1000).items())
          .as("what %s has waited for", parent.id())
          .extracting(Dependency::state)
          .doesNotContain(DependencyState.FAILED);
    }
    assertThat(deadlocks(nodes.getFirst())).isZero();
    nodes.forEach(SqlNode::close);
  }

  private static void addFlows(SqlNode node, int round) {
    List<Flow> flows = new ArrayList<>();
    for (int p = 0; p < PARENTS; p++) {
      List<Flow> children = new ArrayList<>();
      for (int c = 0; c < CHILDREN; c++) {
        OnFailure policy = c == 0 ? OnFailure.FAIL_PARENT : OnFailure.IGNORE_DEPENDENCY;
        Flow leaf = Flow.of("children", job("leaf-%d-%d-%d".formatted(round, p, c), policy));
        JobRequest child = job("child-%d-%d-%d".formatted(round, p, c), policy);
        children.add(c % 3 == 0 ? Flow.of("children", child, leaf) : Flow.of("children", child));
      }
      flows.add(
          new Flow("test", job("parent-%d-%d".formatted(round, p), OnFailure.WAIT), children));
    }
    node.flowProducer().addBulk(flows);
  }

  private static JobRequest job(String id, OnFailure onFailure) {
    return JobRequest.of("test", "{}").with(options -> options.id(id).onFailure(onFailure));
  }

  private static String child(Job job) {
    if (job.id().hashCode() % 5 == 0 && job.attemptsMade() == 0) {
      throw new IllegalStateException("no");
    }
    return "1";
  }

  private static boolean settled(TaskQueue queue) {
    return queue.counts().entrySet().stream()
        .allMatch(count -> count.getKey().finished() || count.getValue() == 0);
  }

  /** Adds flows, and does to some jobs of anybody's what may be done to them. */
  private static int meddle(SqlNode node, int seed) {
    Random random = new Random(seed);
    TaskQueue children = node.queue("children");
    int changed = 0;
    for (int i = 0; i < 120; i++) {
      if (i % 40 == 0) {
        addFlows(node, 1 + seed * 10 + i / 40);
      }
      int round = random.nextInt(4) * 10 + 1 + i / 40;
      int parent = random.nextInt(PARENTS);
      String child = "child-%d-%d-%d".formatted(round, parent, random.nextInt(CHILDREN));
      try {
        switch (random.nextInt(4)) {
          case 0 -> children.cancel(child, "meddled");
          case 1 -> children.remove(child);
          case 2 -> children.retry(child);
          default -> node.queue().remove("parent-%d-%d".formatted(round, parent));
        }
        changed++;
      } catch (JobStateException | JobNotFoundException e) {
        // It was too late, or too early.
      }
    }
    return changed;
  }

  private static long deadlocks(SqlNode node) {
    return node.transactions()
        .read(
            connection -> {
              try (Statement statement = connection.createStatement();
                  ResultSet row =
                      statement.executeQuery(
                          "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")) {
                row.next();
                return row.getLong(1);
              }
            });
  }
}
