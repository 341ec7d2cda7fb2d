package dev.mainstay.server.task;

import dev.mainstay.agent.AgentLoop;
import dev.mainstay.agent.git.RepositoryPolicy;
import dev.mainstay.agent.git.SecretScan;
import dev.mainstay.agent.git.Workspaces;
import dev.mainstay.queue.TransactionalTaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.server.event.EventLog;
import dev.mainstay.server.platform.Broadcast;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.NodeId;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Endpoint;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Agent tasks: wires the package and shows what the rest of the server may use. */
public final class TaskModule {
  private static final Duration COUNTS_HOLD = Duration.ofSeconds(15);

  private final Parts parts;
  private final Object counting = new Object();
  // Guarded by counting.
  private Map<String, Integer> counts = Map.of();
  private Instant countedAt = Instant.EPOCH;
  private final TaskStore store = new TaskStore();
  private final RunRegistry runs = new RunRegistry();
  private final TaskService service;
  private final TaskRetention retention;
  private final TaskEndpoints endpoints;
  private final TaskRunner runner;

  /** What tasks stand on. */
  public record Parts(
      Database database,
      Broadcast broadcast,
      EventLog events,
      TransactionalTaskQueue queue,
      Models models,
      AgentLoop loop,
      RepositoryPolicy policy,
      Workspaces workspaces,
      Toolboxes toolboxes,
      SecretScan.Source secrets,
      Machine machine,
      InstantSource clock) {}

  /**
   * Where this process is.
   *
   * @param workspaces names the directory of its workspaces
   * @param shared true if other machines may run the same tasks
   */
  public record Machine(String workspaces, boolean shared) {}

  public TaskModule(Parts parts) {
    this.parts = parts;
    this.service = new TaskService(parts, store, runs);
    Handover handover = new Handover(parts, store);
    this.retention = new TaskRetention(parts, store, service);
    this.endpoints = new TaskEndpoints(service, retention, store, parts, handover);
    this.runner = new TaskRunner(parts, store, runs, handover);
  }

  public List<Endpoint<?>> endpoints() {
    return endpoints.list();
  }

  /**
   * Takes over what this node had when it died, and starts to run tasks.
   *
   * @param slots how many run at once
   * @param lease how long a run stays here without a sign of life
   */
  public Worker work(NodeId node, int slots, Duration lease) {
    if (node.regained()) {
      parts.queue().takeOver(node.value());
    }
    return parts
        .queue()
        .work(
            WorkerOptions.of(node.value(), slots).withLease(lease).withMaxStalled(20),
            runner::handle);
  }

  /** Ends runs of this process that were canceled, wherever that was said, until it is closed. */
  public AutoCloseable watchCancellations() {
    return new CancelWatch(parts.database(), store, runs, parts.broadcast());
  }

  /** Gives tasks that the queue has lost another job, until it is closed. */
  public AutoCloseable reconcile() {
    return new TaskReconciler(parts, store, service);
  }

  /**
   * Stops what an organization does: its runs end within a second, on whatever node, and what is
   * queued ends when its turn comes.
   */
  public void cancelAll(Tx tx, String organizationId) {
    store.requestCancelOfAll(tx, organizationId, parts.clock().instant());
  }

  /** Removes workspaces of tasks that finished longer ago than {@code kept}. */
  public void removeOldWorkspaces(Duration kept) throws InterruptedException {
    new WorkspaceCleanup(parts, store).run(kept);
  }

  /**
   * Deletes tasks that finished longer ago than {@code kept}, and those of deleted organizations.
   *
   * @param kept empty for ever
   */
  public void deleteOld(Optional<Duration> kept) throws InterruptedException {
    retention.run(kept);
  }

  /** The words for the states of a task. */
  public static List<String> statuses() {
    return Arrays.stream(TaskStatus.values()).map(TaskStatus::word).toList();
  }

  /** Tasks by status, not older than {@link #COUNTS_HOLD}: counting looks at all of them. */
  public Map<String, Integer> counts() {
    synchronized (counting) {
      Instant now = parts.clock().instant();
      if (counts.isEmpty() || countedAt.plus(COUNTS_HOLD).isBefore(now)) {
        counts = parts.database().search("", store::countByStatus);
        countedAt = now;
      }
      return counts;
    }
  }

  /** Runs in this process now. */
  public int running() {
    return runs.size();
  }
}
