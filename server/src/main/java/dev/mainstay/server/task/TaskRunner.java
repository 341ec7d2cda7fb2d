package dev.mainstay.server.task;

import dev.mainstay.agent.AgentLoop;
import dev.mainstay.agent.AgentTask;
import dev.mainstay.agent.LeaseLostException;
import dev.mainstay.agent.LiveListener;
import dev.mainstay.agent.RunLimits;
import dev.mainstay.agent.RunOutcome;
import dev.mainstay.agent.git.GitException;
import dev.mainstay.agent.git.Workspace;
import dev.mainstay.agent.git.Workspaces;
import dev.mainstay.agent.host.Shortage;
import dev.mainstay.agent.model.ModelClient;
import dev.mainstay.queue.DelayedException;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobContext;
import dev.mainstay.server.platform.Databases;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.ProcessEnd;
import dev.mainstay.server.platform.Tenant;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one task from where its journal ends: workspace, agent loop, delivery. It may be killed
 * between any two lines; the next claim goes on.
 */
final class TaskRunner {
  private static final Logger log = LoggerFactory.getLogger(TaskRunner.class);

  /** A server may die for other reasons than the task that it runs. */
  static final int MAX_CRASHES = 10;

  /** When to look again for a database that is away. */
  private static final Duration AWAY = Duration.ofSeconds(2);

  private final TaskModule.Parts parts;
  private final TaskStore store;
  private final RunRegistry runs;
  private final RunStore runStore = new RunStore();
  private final AgentLoop loop;
  private final Delivery delivery;
  private final Handover handover;

  TaskRunner(TaskModule.Parts parts, TaskStore store, RunRegistry runs, Handover handover) {
    this.parts = parts;
    this.store = store;
    this.runs = runs;
    this.loop = parts.loop();
    this.delivery = new Delivery(parts.secrets());
    this.handover = handover;
  }

  /**
   * Handles one job of the queue. The job's outcome is only whether to come back: the task says how
   * it went.
   */
  String handle(Job job, JobContext context) throws Exception {
    try {
      return take(job, context);
    } catch (RuntimeException e) {
      if (Databases.isAway(e)) {
        log.warn("The database is away; the run of job {} goes on later", job.id());
        throw new DelayedException(parts.clock().instant().plus(AWAY));
      }
      if (isInterrupt(e)) {
        InterruptedException stopped = new InterruptedException("The job was interrupted");
        stopped.initCause(e);
        throw stopped;
      }
      throw e;
    }
  }

  private String take(Job job, JobContext context) throws Exception {
    String taskId = Json.read(job.data()).path("taskId").asText();
    TasksRecord task = parts.database().read(sql -> store.find(sql, taskId)).orElse(null);
    if (task == null) {
      return "";
    }
    // From here on all is about one organization; the job itself is settled by the queue's worker.
    return Tenant.of(task.getOrganizationId())
        .<String, Exception>call(() -> take(task, job, context));
  }

  private String take(TasksRecord task, Job job, JobContext context)
      throws InterruptedException, GitException {
    String taskId = task.getId();
    Claim claim = new Claim(task.getOrganizationId(), taskId, job.id(), context.token());
    Optional<TasksRecord> claimed = claim(claim);
    if (claimed.isEmpty()) {
      return "";
    }
    TaskJournal journal =
        new TaskJournal(parts.database(), runStore, parts.events(), parts.clock(), claim);
    boolean lastAttempt = job.attemptsMade() + 1 >= job.options().attempts();
    try (RunRegistry.Run run = runs.open(taskId)) {
      runClaimed(
          claimed.get(), new ClaimedTask(parts, store, journal, handover, taskId), lastAttempt);
    } catch (LeaseLostException e) {
      log.info("Task {} goes on elsewhere", taskId);
    }
    return "";
  }

  /** Takes the task, unless it is over, waits for people, or belongs to a newer job. */
  private Optional<TasksRecord> claim(Claim claim) {
    return parts
        .database()
        .write(
            tx -> {
              Instant now = parts.clock().instant();
              TasksRecord row =
                  store.lock(tx, claim.organizationId(), claim.taskId()).orElseThrow();
              boolean runnable =
                  switch (TaskStatus.of(row.getStatus())) {
                    case QUEUED, RUNNING -> true;
                    case WAITING, SUCCEEDED, FAILED, CANCELED -> false;
                  };
              if (!runnable || !runStore.claim(tx, claim, now)) {
                return Optional.empty();
              }
              if (row.getStatus().equals(TaskStatus.QUEUED.word())) {
                row.setStartedAt(Optional.ofNullable(row.getStartedAt()).orElse(now));
                row.setAttemptStartedAt(Optional.ofNullable(row.getAttemptStartedAt()).orElse(now));
                store.move(tx, row, TaskStatus.RUNNING, now);
              }
              runStore.countClaim(tx, claim);
              return store.find(tx.sql(), claim.taskId());
            });
  }

  private void runClaimed(TasksRecord task, ClaimedTask claimed, boolean lastAttempt)
      throws InterruptedException, GitException {
    try {
      if (task.getCancelRequested()) {
        throw new InterruptedException("canceled before it ran");
      }
      run(task, claimed);
    } catch (InterruptedException e) {
      interrupted(claimed, e);
    } catch (GitException e) {
      if (e.retryable() && !lastAttempt) {
        claimed.journal().status("retrying", text(e));
        claimed.leave();
        throw e;
      }
      claimed.fail(e.code(), text(e));
    } catch (LeaseLostException e) {
      throw e;
    } catch (RuntimeException | Error e) {
      ProcessEnd.ifFatal(e);
      if (Databases.isAway(e)) {
        throw e;
      }
      if (isInterrupt(e)) {
        interrupted(claimed, e);
        return;
      }
      if (Shortage.of(e)) {
        later(claimed, Shortage.exception(e), lastAttempt);
        return;
      }
      String incident = Ids.next();
      log.error("Task {} failed, incident {}", task.getId(), incident, e);
      claimed.fail(
          "internal", "The server failed; its log has the reason under incident " + incident);
    }
  }

  /** The queue comes back to it, with a delay that grows; the last time it fails. */
  private static void later(
      ClaimedTask claimed, UncheckedIOException shortage, boolean lastAttempt) {
    if (lastAttempt) {
      claimed.fail("machine_busy", text(shortage));
      return;
    }
    log.warn("A task is tried again later: {}", shortage.getMessage());
    claimed.journal().status("retrying", text(shortage));
    claimed.leave();
    throw shortage;
  }

  /** A cancellation ends the task here; a stopping server or a lost lease leaves it as it is. */
  private static void interrupted(ClaimedTask claimed, Throwable cause)
      throws InterruptedException {
    boolean unused = Thread.interrupted();
    if (claimed.row().getCancelRequested()) {
      claimed.cancel();
      return;
    }
    claimed.leave();
    InterruptedException stopped = new InterruptedException("The run was interrupted");
    stopped.initCause(cause);
    throw stopped;
  }

  /** Whoever waits for something else, such as a connection, wraps the interrupt up. */
  static boolean isInterrupt(Throwable failure) {
    if (Thread.currentThread().isInterrupted()) {
      return true;
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof InterruptedException) {
        return true;
      }
    }
    return false;
  }

  private void run(TasksRecord task, ClaimedTask claimed)
      throws InterruptedException, GitException {
    if (task.getCrashes() > MAX_CRASHES) {
      claimed.fail(
          "crashed",
          "The server died %d times in a row while it ran this task, and the task came no further meanwhile."
              .formatted(MAX_CRASHES));
      return;
    }
    var client = parts.models().client();
    if (client.isEmpty() || client.get().scripted() != task.getScripted()) {
      claimed.fail(
          "no_model",
          client.isEmpty()
              ? parts.models().missing()
              : "The server's model was changed between scripted and real");
      return;
    }
    Workspaces.Request request = WorkspaceRequests.of(task, parts.policy());
    Workspace workspace = open(task, request, claimed.journal());
    claimed.opened(request, workspace);
    boolean delivered = false;
    while (!delivered) {
      switch (converse(task, claimed, client.get(), workspace)) {
        case RunOutcome.Failed failed -> {
          claimed.fail(failed.code(), failed.message());
          return;
        }
        case RunOutcome.Finished finished ->
            delivered = delivery.deliver(claimed, workspace, finished.summary());
      }
    }
  }

  /**
   * Lets the model work until it is done and nobody has more to say. When this returns every
   * process of the agent has ended: from here on the tree is read by git, which does not expect a
   * tree that changes under it.
   */
  private RunOutcome converse(
      TasksRecord task, ClaimedTask claimed, ModelClient client, Workspace workspace)
      throws InterruptedException {
    TaskJournal journal = claimed.journal();
    try (Toolboxes.Toolbox toolbox = parts.toolboxes().open(task.getId(), workspace.tree())) {
      journal.status("running", parts.toolboxes().limitation());
      AgentTask agentTask = agentTask(task, workspace, toolbox);
      LiveListener live =
          delta -> parts.events().delta(task.getOrganizationId(), task.getId(), delta);
      while (true) {
        RunOutcome outcome = loop.run(agentTask, journal, client, toolbox.tools(), live);
        if (!(outcome instanceof RunOutcome.Finished finished)
            || claimed.settle(finished.summary())) {
          return outcome;
        }
      }
    }
  }

  private Workspace open(TasksRecord task, Workspaces.Request request, TaskJournal journal)
      throws InterruptedException, GitException {
    Consumer<String> progress =
        line -> parts.events().delta(task.getOrganizationId(), task.getId(), progress(line));
    handover.arrive(task, request, journal, progress);
    boolean fresh = !parts.workspaces().exists(request);
    if (fresh) {
      journal.status("cloning", "");
    }
    Workspace workspace = parts.workspaces().open(request, progress);
    journal.execute(
        tx -> {
          TasksRecord row = store.find(tx.sql(), task.getId()).orElseThrow();
          if (row.getBaseCommit() == null) {
            row.setBaseCommit(workspace.baseCommit());
            row.setBaseBranch(workspace.baseBranch());
            tx.sql().executeUpdate(row);
          }
          if (fresh) {
            journal.emit(
                tx,
                "status",
                Json.object()
                    .put("status", "cloned")
                    .put("detail", workspace.baseBranch() + " at " + workspace.baseCommit()));
          }
        });
    return workspace;
  }

  private static com.fasterxml.jackson.databind.node.ObjectNode progress(String line) {
    return Json.object().put("kind", "progress").put("text", line);
  }

  private AgentTask agentTask(TasksRecord task, Workspace workspace, Toolboxes.Toolbox toolbox) {
    return new AgentTask(
        task.getPrompt(),
        AgentInstructions.of(task, workspace.tree(), toolbox.tools()),
        task.getModel(),
        limits(task),
        Optional.ofNullable(task.getAttemptStartedAt()).orElseGet(this::now));
  }

  /** Limits count from the last retry on. */
  private static RunLimits limits(TasksRecord task) {
    return new RunLimits(
        task.getMaxTurns() == null
            ? OptionalInt.empty()
            : OptionalInt.of(task.getMaxTurns() + task.getBeforeTurns()),
        task.getMaxTokens() == null
            ? OptionalLong.empty()
            : OptionalLong.of(task.getMaxTokens() + task.getBeforeTokens()),
        Optional.<BigDecimal>ofNullable(task.getMaxCostUsd())
            .map(limit -> limit.add(task.getBeforeCostUsd())),
        Optional.ofNullable(task.getMaxDurationSeconds()).map(Duration::ofSeconds));
  }

  private Instant now() {
    return parts.clock().instant();
  }

  private static String text(Exception e) {
    return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
  }
}
