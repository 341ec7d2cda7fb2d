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
import dev.mainstay.agent.model.ModelClient;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.Lease;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.ReviewsRecord;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one task from where its journal ends: workspace, agent loop, commit, review, push. It may be
 * killed between any two lines; the next claim goes on.
 */
final class TaskRunner {
  private static final Logger log = LoggerFactory.getLogger(TaskRunner.class);

  private final TaskModule.Parts parts;
  private final TaskStore store;
  private final RunRegistry runs;
  private final RunStore runStore = new RunStore();
  private final AgentLoop loop;

  TaskRunner(TaskModule.Parts parts, TaskStore store, RunRegistry runs) {
    this.parts = parts;
    this.store = store;
    this.runs = runs;
    this.loop = parts.loop();
  }

  /**
   * Handles one job of the queue. The job's outcome is only whether to come back: the task says how
   * it went.
   */
  String handle(Job job, Lease lease) throws Exception {
    String taskId = Json.read(job.data()).path("taskId").asText();
    TasksRecord task = parts.database().read(sql -> store.find(sql, taskId)).orElse(null);
    if (task == null) {
      return "";
    }
    Claim claim = new Claim(task.getOrganizationId(), taskId, job.id(), lease.token());
    Optional<TasksRecord> claimed = claim(claim);
    if (claimed.isEmpty()) {
      return "";
    }
    TaskJournal journal =
        new TaskJournal(parts.database(), runStore, parts.events(), parts.clock(), claim);
    boolean lastAttempt = job.attemptsMade() + 1 >= job.attempts();
    try (RunRegistry.Run run = runs.open(taskId)) {
      runClaimed(claimed.get(), journal, lastAttempt);
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
              TasksRecord row = store.find(tx.sql(), claim.taskId()).orElseThrow();
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
              return store.find(tx.sql(), claim.taskId());
            });
  }

  private void runClaimed(TasksRecord task, TaskJournal journal, boolean lastAttempt)
      throws InterruptedException, GitException {
    try {
      if (task.getCancelRequested()) {
        throw new InterruptedException("canceled before it ran");
      }
      run(task, journal);
    } catch (InterruptedException e) {
      // A cancellation ends the task here; a stopping server or a lost lease leaves it as it is.
      Thread.interrupted();
      if (!cancelRequested(task.getId())) {
        throw e;
      }
      end(journal, task.getId(), TaskStatus.CANCELED, row -> TaskEnd.canceled(row, now()));
    } catch (GitException e) {
      if (e.retryable() && !lastAttempt) {
        journal.status("retrying", text(e));
        throw e;
      }
      fail(journal, task.getId(), e.code(), text(e));
    } catch (LeaseLostException e) {
      throw e;
    } catch (RuntimeException e) {
      String incident = Ids.next();
      log.error("Task {} failed, incident {}", task.getId(), incident, e);
      fail(
          journal,
          task.getId(),
          "internal",
          "The server failed; its log has the reason under incident " + incident);
    }
  }

  private boolean cancelRequested(String taskId) {
    return parts.database().read(sql -> store.find(sql, taskId)).orElseThrow().getCancelRequested();
  }

  private void run(TasksRecord task, TaskJournal journal)
      throws InterruptedException, GitException {
    var client = parts.models().client();
    if (client.isEmpty() || client.get().scripted() != task.getScripted()) {
      fail(
          journal,
          task.getId(),
          "no_model",
          client.isEmpty()
              ? parts.models().missing()
              : "The server's model was changed between scripted and real");
      return;
    }
    Workspaces.Request request = WorkspaceRequests.of(task, parts.policy());
    Workspace workspace = open(task, request, journal);
    switch (converse(task, journal, client.get(), workspace)) {
      case RunOutcome.Failed failed -> fail(journal, task.getId(), failed.code(), failed.message());
      case RunOutcome.Finished finished -> deliver(task, journal, workspace, finished.summary());
    }
  }

  /**
   * Lets the model work until it is done and nobody has more to say. When this returns every
   * process of the agent has ended: from here on the tree is read by git, which does not expect a
   * tree that changes under it.
   */
  private RunOutcome converse(
      TasksRecord task, TaskJournal journal, ModelClient client, Workspace workspace)
      throws InterruptedException {
    try (Toolboxes.Toolbox toolbox = parts.toolboxes().open(task.getId(), workspace.tree())) {
      journal.status("running", parts.toolboxes().limitation());
      AgentTask agentTask = agentTask(task, workspace, toolbox);
      LiveListener live =
          delta -> parts.events().delta(task.getOrganizationId(), task.getId(), delta);
      while (true) {
        RunOutcome outcome = loop.run(agentTask, journal, client, toolbox.tools(), live);
        if (!(outcome instanceof RunOutcome.Finished finished)
            || settle(journal, task.getId(), finished.summary())) {
          return outcome;
        }
      }
    }
  }

  private Workspace open(TasksRecord task, Workspaces.Request request, TaskJournal journal)
      throws InterruptedException, GitException {
    boolean fresh = !parts.workspaces().exists(request);
    if (fresh) {
      journal.status("cloning", "");
    }
    Workspace workspace =
        parts
            .workspaces()
            .open(
                request,
                line ->
                    parts.events().delta(task.getOrganizationId(), task.getId(), progress(line)));
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

  /**
   * Closes the conversation, unless somebody has said something meanwhile, and fixes the time of
   * the commit: with it the same tree gives the same commit after a crash.
   */
  private boolean settle(TaskJournal journal, String taskId, String summary) {
    return journal.change(
        tx -> {
          if (store.openInputs(tx.sql(), taskId) > 0) {
            return false;
          }
          TasksRecord row = store.find(tx.sql(), taskId).orElseThrow();
          row.setCommitAt(Optional.ofNullable(row.getCommitAt()).orElseGet(this::now));
          row.setSummary(summary);
          tx.sql().executeUpdate(row);
          return true;
        });
  }

  private void deliver(TasksRecord task, TaskJournal journal, Workspace workspace, String summary)
      throws InterruptedException, GitException {
    Instant commitAt =
        parts.database().read(sql -> store.find(sql, task.getId())).orElseThrow().getCommitAt();
    Optional<Workspace.Commit> commit = workspace.commit(CommitMessage.of(task, summary), commitAt);
    if (commit.isEmpty()) {
      succeed(journal, task.getId(), null, null);
      return;
    }
    if (task.getPush().equals(CreateTask.Push.NONE.name())) {
      succeed(journal, task.getId(), null, commit.get().id());
      return;
    }
    if (task.getReview().equals(CreateTask.Review.BEFORE_PUSH.name())
        && !approved(task.getId(), commit.get())) {
      waitForReview(journal, task, commit.get());
      return;
    }
    String own = "mainstay/" + shortId(task.getId());
    String branch = Optional.ofNullable(task.getBranch()).orElse(own);
    journal.status("pushing", branch);
    Workspace.Pushed pushed =
        workspace.push(commit.get(), branch, branch.equals(own) ? own + "-2" : own);
    succeed(journal, task.getId(), pushed.branch(), pushed.commitId());
  }

  /** The last eight characters of a UUIDv7 are random; its first ones are the time. */
  private static String shortId(String id) {
    return id.substring(id.length() - 8);
  }

  /** An approval is bound to what was shown: another commit needs another one. */
  private boolean approved(String taskId, Workspace.Commit commit) {
    return parts
        .database()
        .read(sql -> store.lastReview(sql, taskId))
        .filter(review -> "approved".equals(review.getDecision()))
        .filter(review -> review.getCommitId().equals(commit.id()))
        .isPresent();
  }

  private void waitForReview(TaskJournal journal, TasksRecord task, Workspace.Commit commit) {
    journal.execute(
        tx -> {
          ReviewsRecord review = new ReviewsRecord();
          review.setId(Ids.next());
          review.setOrganizationId(task.getOrganizationId());
          review.setTaskId(task.getId());
          review.setCommitId(commit.id());
          review.setDiffHash(commit.diffHash());
          review.setCreatedAt(now());
          store.insertReview(tx, review);
          move(tx, store.find(tx.sql(), task.getId()).orElseThrow(), TaskStatus.WAITING);
          journal.emit(
              tx,
              "status",
              Json.object()
                  .put("status", "waiting")
                  .put("detail", "review")
                  .put("commit", commit.id())
                  .put("diffHash", commit.diffHash()));
        });
  }

  private void succeed(
      TaskJournal journal,
      String taskId,
      @org.jspecify.annotations.Nullable String branch,
      @org.jspecify.annotations.Nullable String commit) {
    end(
        journal,
        taskId,
        TaskStatus.SUCCEEDED,
        row -> {
          row.setResultBranch(branch);
          row.setResultCommit(commit);
          row.setFinishedAt(now());
        });
  }

  private void fail(TaskJournal journal, String taskId, String code, String message) {
    end(journal, taskId, TaskStatus.FAILED, row -> TaskEnd.failed(row, code, message, now()));
  }

  /** The end of a task: row and terminal event in one transaction. */
  private void end(
      TaskJournal journal,
      String taskId,
      TaskStatus status,
      java.util.function.Consumer<TasksRecord> change) {
    journal.execute(
        tx -> {
          TasksRecord row = store.find(tx.sql(), taskId).orElseThrow();
          change.accept(row);
          move(tx, row, status);
          TaskEnd.emit(parts.events(), tx, row);
        });
  }

  private void move(Tx tx, TasksRecord row, TaskStatus to) {
    if (!store.move(tx, row, to, now())) {
      throw new LeaseLostException(
          "task " + row.getId() + " is " + row.getStatus() + " and cannot become " + to.word());
    }
  }

  private Instant now() {
    return parts.clock().instant();
  }

  private static String text(Exception e) {
    return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
  }
}
