package dev.mainstay.server.task;

import dev.mainstay.agent.AgentLoop;
import dev.mainstay.agent.git.RepositoryPolicy;
import dev.mainstay.agent.git.SecretScan;
import dev.mainstay.agent.git.Workspaces;
import dev.mainstay.queue.TransactionalTaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.server.event.EventLog;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.http.Endpoint;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Agent tasks: wires the package and shows what the rest of the server may use. */
public final class TaskModule {
  private final Parts parts;
  private final TaskStore store = new TaskStore();
  private final RunRegistry runs = new RunRegistry();
  private final TaskEndpoints endpoints;
  private final TaskRunner runner;

  /** What tasks stand on. */
  public record Parts(
      Database database,
      EventLog events,
      TransactionalTaskQueue queue,
      Models models,
      AgentLoop loop,
      RepositoryPolicy policy,
      Workspaces workspaces,
      Toolboxes toolboxes,
      SecretScan.Source secrets,
      InstantSource clock) {}

  public TaskModule(Parts parts) {
    this.parts = parts;
    TaskService service = new TaskService(parts, store, runs);
    this.endpoints = new TaskEndpoints(service, store, parts);
    this.runner = new TaskRunner(parts, store, runs);
  }

  public List<Endpoint<?>> endpoints() {
    return endpoints.list();
  }

  /**
   * Takes over what this node had when it died, and starts to run tasks.
   *
   * @param slots how many run at once
   */
  public Worker work(String nodeId, int slots) {
    parts.queue().takeOver(nodeId);
    return parts.queue().work(WorkerOptions.of(nodeId, slots).withMaxStalled(20), runner::handle);
  }

  /** Removes workspaces of tasks that finished longer ago than {@code kept}. */
  public void removeOldWorkspaces(Duration kept) throws InterruptedException {
    new WorkspaceCleanup(parts, store).run(kept);
  }

  /** The words for the states of a task. */
  public static List<String> statuses() {
    return Arrays.stream(TaskStatus.values()).map(TaskStatus::word).toList();
  }

  /** Tasks by status. */
  public Map<String, Integer> counts() {
    return parts.database().read(store::countByStatus);
  }

  /** Runs in this process now. */
  public int running() {
    return runs.size();
  }
}
