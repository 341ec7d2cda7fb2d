package dev.mainstay.server.task;

import dev.mainstay.agent.git.IllegalRepositoryException;
import dev.mainstay.agent.git.RefNames;
import dev.mainstay.agent.git.RepositoryPolicy;
import dev.mainstay.agent.git.SecretScan;
import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.Priority;
import dev.mainstay.queue.TransactionalTaskQueue;
import dev.mainstay.server.event.EventLog;
import dev.mainstay.server.platform.Broadcast;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Databases;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Page;
import dev.mainstay.server.platform.http.Principal;
import dev.mainstay.server.schema.tables.records.ReviewsRecord;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What people do with tasks. Each act is one transaction: rows, event and job together. */
final class TaskService {
  /** A run that the network stopped is tried again; one that failed is not. */
  static final int ATTEMPTS = 4;

  private static final Backoff BACKOFF = Backoff.exponential(Duration.ofSeconds(5)).withJitter(0.5);
  private static final int MAX_METADATA = 16 * 1024;

  /** How far ahead a task may be planned. */
  private static final Duration MAX_AHEAD = Duration.ofDays(3650);

  private static final String DEFAULT_AGENT = "default";

  /** Tokens by their shape: what the server itself keeps secret is not to be guessed here. */
  private static final SecretScan TOKENS = new SecretScan(List.of());

  private final Database database;
  private final Broadcast broadcast;
  private final TaskStore store;
  private final EventLog events;
  private final TransactionalTaskQueue queue;
  private final Models models;
  private final RepositoryPolicy policy;
  private final RunRegistry runs;
  private final InstantSource clock;

  TaskService(TaskModule.Parts parts, TaskStore store, RunRegistry runs) {
    this.database = parts.database();
    this.broadcast = parts.broadcast();
    this.store = store;
    this.events = parts.events();
    this.queue = parts.queue();
    this.models = parts.models();
    this.policy = parts.policy();
    this.runs = runs;
    this.clock = parts.clock();
  }

  TaskView create(Tx tx, Principal principal, CreateTask body) {
    if (models.client().isEmpty()) {
      throw ProblemException.of("no-model", "No model", 422, models.missing());
    }
    check(body);
    Instant now = clock.instant();
    TasksRecord row = row(principal, body, now);
    if (body.limits() != null
        && body.limits().maxCostUsd() != null
        && !models.priced().test(row.getModel())) {
      throw ProblemException.of(
          "price-unknown",
          "Price unknown",
          422,
          "limits.maxCostUsd cannot be kept: no price is known for the model " + row.getModel());
    }
    store.insert(tx, row);
    status(tx, row, "queued", "");
    enqueue(tx, row, body.notBefore());
    return TaskViews.view(row, Optional.empty());
  }

  private void check(CreateTask body) {
    try {
      policy.parse(body.repoUrl());
    } catch (IllegalRepositoryException e) {
      throw ProblemException.badRequest("repoUrl", e.reason());
    }
    checkBranch("baseBranch", body.baseBranch());
    checkBranch("branch", body.branch());
    if (body.branch() != null && TOKENS.finds(body.branch())) {
      throw ProblemException.badRequest("branch", "holds what looks like a secret");
    }
    if (body.agent() != null && !body.agent().equals(DEFAULT_AGENT)) {
      throw ProblemException.badRequest(
          "agent", "names no agent; the only one is \"" + DEFAULT_AGENT + "\"");
    }
    if (body.metadata() != null && Json.write(body.metadata()).length() > MAX_METADATA) {
      throw ProblemException.badRequest("metadata", "may have " + MAX_METADATA + " characters");
    }
    Instant notBefore = body.notBefore();
    if (notBefore != null
        && (notBefore.isBefore(Instant.EPOCH)
            || notBefore.isAfter(clock.instant().plus(MAX_AHEAD)))) {
      throw ProblemException.badRequest(
          "notBefore", "must lie at most " + MAX_AHEAD.toDays() + " days ahead, and after 1970");
    }
  }

  private static void checkBranch(String field, @org.jspecify.annotations.Nullable String name) {
    if (name != null && !RefNames.isValidBranch(name)) {
      throw ProblemException.badRequest(field, "is not a valid branch name");
    }
  }

  private TasksRecord row(Principal principal, CreateTask body, Instant now) {
    TasksRecord row = new TasksRecord();
    row.setId(Ids.next());
    row.setOrganizationId(principal.organizationId());
    row.setCreatedBy(principal.userId());
    row.setRepoUrl(body.repoUrl());
    row.setPrompt(body.prompt());
    row.setAgent(DEFAULT_AGENT);
    row.setModel(Optional.ofNullable(body.model()).orElse(models.defaultModel()));
    row.setScripted(models.scripted());
    row.setPriority(Optional.ofNullable(body.priority()).orElse(CreateTask.TaskPriority.P2).name());
    row.setBaseBranch(body.baseBranch());
    row.setBranch(body.branch());
    row.setPush(Optional.ofNullable(body.push()).orElse(CreateTask.Push.BRANCH).name());
    row.setReview(Optional.ofNullable(body.review()).orElse(CreateTask.Review.NONE).name());
    if (body.limits() != null) {
      row.setMaxTurns(body.limits().maxTurns());
      row.setMaxTokens(body.limits().maxTokens());
      row.setMaxCostUsd(body.limits().maxCostUsd());
      row.setMaxDurationSeconds(body.limits().maxDurationSeconds());
    }
    row.setNotBefore(body.notBefore());
    row.setMetadata(body.metadata() == null ? null : Json.write(body.metadata()));
    row.setStatus(TaskStatus.QUEUED.word());
    row.setJobId(Ids.next());
    row.setLeaseToken(0L);
    row.setAttempt(1);
    row.setCancelRequested(false);
    row.setInputTokens(0L);
    row.setOutputTokens(0L);
    row.setCacheReadTokens(0L);
    row.setCacheWriteTokens(0L);
    row.setCostUsd(BigDecimal.ZERO);
    row.setCostKnown(true);
    row.setModelCalls(0);
    row.setTurns(0);
    row.setBeforeTokens(0L);
    row.setBeforeCostUsd(BigDecimal.ZERO);
    row.setBeforeTurns(0);
    row.setCreatedAt(now);
    row.setUpdatedAt(now);
    return row;
  }

  TaskView get(String organizationId, String id) {
    return database.read(
        sql -> {
          TasksRecord row =
              store
                  .find(sql, organizationId, id)
                  .orElseThrow(() -> ProblemException.notFound("task"));
          return TaskViews.view(row, store.lastReview(sql, id));
        });
  }

  TasksRecord row(String organizationId, String id) {
    return database.read(
        sql ->
            store
                .find(sql, organizationId, id)
                .orElseThrow(() -> ProblemException.notFound("task")));
  }

  Page<TaskView> list(String organizationId, TaskStore.Filter filter, int limit) {
    List<TasksRecord> rows =
        filter.indexed()
            ? database.read(sql -> store.list(sql, organizationId, filter, limit + 1))
            : database.search(
                organizationId, sql -> store.list(sql, organizationId, filter, limit + 1));
    return Page.of(rows, limit, row -> TaskViews.view(row, Optional.empty()), TasksRecord::getId);
  }

  /**
   * A task that waits ends here, as does one whose run the queue has lost; one that runs ends as
   * soon as its worker hears of it.
   */
  TaskView cancel(Principal principal, String id) {
    Optional<String> lost = lostJob(principal, id);
    return change(
        principal,
        id,
        (tx, row) -> {
          TaskStatus status = TaskStatus.of(row.getStatus());
          switch (status) {
            case QUEUED, WAITING -> {
              boolean unused =
                  tx.asServer(() -> queue.removeUnstarted(tx.connection(), row.getJobId()));
              TaskEnd.canceled(row, clock.instant());
              require(store.move(tx, row, TaskStatus.CANCELED, clock.instant()), row);
              TaskEnd.emit(events, tx, row);
            }
            case RUNNING -> {
              if (lost.filter(row.getJobId()::equals).isPresent()) {
                endWithoutRun(tx, row);
                return;
              }
              store.requestCancel(tx, id, clock.instant());
              tx.afterCommit(
                  () -> {
                    runs.interrupt(id);
                    broadcast.send(CancelWatch.TOPIC, id);
                  });
            }
            case SUCCEEDED, FAILED, CANCELED -> throw wrongStatus(row, "is over already");
          }
        });
  }

  /** The job of a running task, if the queue does not have it, or is done with it. */
  private Optional<String> lostJob(Principal principal, String id) {
    TasksRecord row = row(principal.organizationId(), id);
    if (TaskStatus.of(row.getStatus()) != TaskStatus.RUNNING || runs.taskIds().contains(id)) {
      return Optional.empty();
    }
    try {
      Optional<Job> job = queue.find(row.getJobId());
      return job.filter(found -> !found.state().finished()).isPresent()
          ? Optional.empty()
          : Optional.of(row.getJobId());
    } catch (RuntimeException e) {
      if (Databases.isAway(e)) {
        return Optional.empty(); // its worker hears of it once the queue is back
      }
      throw e;
    }
  }

  /** Cancels a running task that nobody runs. Should somebody all the same, the fence ends it. */
  void endWithoutRun(Tx tx, TasksRecord row) {
    row.setJobId(Ids.next());
    TaskEnd.canceled(row, clock.instant());
    require(store.move(tx, row, TaskStatus.CANCELED, clock.instant()), row);
    TaskEnd.emit(events, tx, row);
  }

  /** Ends a running task whose job the queue has given up. */
  void failWithoutRun(Tx tx, TasksRecord row) {
    row.setJobId(Ids.next());
    TaskEnd.failed(row, "internal", "The queue gave up the task's job", clock.instant());
    require(store.move(tx, row, TaskStatus.FAILED, clock.instant()), row);
    TaskEnd.emit(events, tx, row);
  }

  /** Adds the job that the row names. */
  void enqueueAgain(Tx tx, TasksRecord row) {
    enqueue(tx, row, row.getNotBefore());
  }

  /** Goes on from the last committed step, with limits that count from here. */
  TaskView retry(Principal principal, String id) {
    return change(
        principal,
        id,
        (tx, row) -> {
          row.setAttempt(row.getAttempt() + 1);
          row.setRefusedDeliveries(0);
          row.setCancelRequested(false);
          row.setBeforeTokens(
              row.getInputTokens()
                  + row.getOutputTokens()
                  + row.getCacheReadTokens()
                  + row.getCacheWriteTokens());
          row.setBeforeCostUsd(row.getCostUsd());
          row.setBeforeTurns(row.getTurns());
          row.setAttemptStartedAt(null);
          row.setFinishedAt(null);
          row.setWorkspaceRemovedAt(null);
          row.setEventsPrunedAt(null);
          row.setErrorCode(null);
          row.setErrorMessage(null);
          row.setCommitAt(null);
          requeue(tx, row, "retry");
        });
  }

  /**
   * Removes a finished task and all that belongs to it.
   *
   * @return the row that was removed
   */
  TasksRecord delete(String organizationId, String id) {
    return database.write(
        tx -> {
          TasksRecord row =
              store
                  .lock(tx, organizationId, id)
                  .orElseThrow(() -> ProblemException.notFound("task"));
          if (!TaskStatus.of(row.getStatus()).terminal()) {
            throw wrongStatus(row, "is not over yet: cancel it first");
          }
          events.remove(tx, organizationId, id);
          store.delete(tx, id);
          return row;
        });
  }

  /** Says something to a task that is queued or running; it hears it before its next model call. */
  TaskView message(Tx tx, Principal principal, String id, String text) {
    // Locked: a run that ends its conversation looks for such messages first.
    TasksRecord row =
        store
            .lock(tx, principal.organizationId(), id)
            .orElseThrow(() -> ProblemException.notFound("task"));
    switch (TaskStatus.of(row.getStatus())) {
      case QUEUED, RUNNING -> store.addInput(tx, row, principal.userId(), text, clock.instant());
      case WAITING ->
          throw wrongStatus(row, "waits for review: reject it with your feedback as the reason");
      case SUCCEEDED, FAILED, CANCELED -> throw wrongStatus(row, "is over");
    }
    return TaskViews.view(row, Optional.empty());
  }

  TaskView approve(Principal principal, String id) {
    return change(principal, id, (tx, row) -> decide(tx, principal, row, "approved", null));
  }

  /** The reason becomes the next thing that the agent is told. */
  TaskView reject(Principal principal, String id, String reason) {
    return change(
        principal,
        id,
        (tx, row) -> {
          row.setCommitAt(null);
          store.addInput(
              tx,
              row,
              principal.userId(),
              "A reviewer rejected the change, for this reason:\n\n" + reason,
              clock.instant());
          decide(tx, principal, row, "rejected", reason);
        });
  }

  private void decide(
      Tx tx,
      Principal principal,
      TasksRecord row,
      String decision,
      @org.jspecify.annotations.Nullable String reason) {
    ReviewsRecord review =
        store
            .lastReview(tx.sql(), row.getId())
            .filter(last -> row.getStatus().equals(TaskStatus.WAITING.word()))
            .orElseThrow(() -> wrongStatus(row, "does not wait for review"));
    Instant now = clock.instant();
    review.setReason(reason);
    if (!store.decide(tx, review, decision, principal.userId(), now)) {
      throw wrongStatus(row, "was decided already");
    }
    // The time that people took does not count as the run's.
    Instant started = row.getAttemptStartedAt();
    if (started != null) {
      row.setAttemptStartedAt(started.plus(Duration.between(review.getCreatedAt(), now)));
    }
    requeue(tx, row, decision);
  }

  private void requeue(Tx tx, TasksRecord row, String detail) {
    row.setJobId(Ids.next());
    row.setLeaseToken(0L);
    row.setCrashes(0);
    require(store.move(tx, row, TaskStatus.QUEUED, clock.instant()), row);
    status(tx, row, "queued", detail);
    enqueue(tx, row, null);
  }

  private void enqueue(
      Tx tx, TasksRecord row, @org.jspecify.annotations.Nullable Instant notBefore) {
    Duration delay =
        notBefore == null ? Duration.ZERO : Duration.between(clock.instant(), notBefore);
    JobRequest request =
        JobRequest.of("agent", Json.write(Json.object().put("taskId", row.getId())))
            .with(
                job ->
                    job.id(row.getJobId())
                        .priority(Priority.valueOf(row.getPriority()))
                        .delay(delay.isNegative() ? Duration.ZERO : delay)
                        .attempts(ATTEMPTS, BACKOFF));
    // The queue of runs is the server's own.
    Job unused = tx.asServer(() -> queue.add(tx.connection(), request));
    tx.afterCommit(queue::wake);
  }

  private void status(Tx tx, TasksRecord row, String status, String detail) {
    var data = Json.object().put("status", status);
    events.append(
        tx,
        row.getOrganizationId(),
        row.getId(),
        "status",
        detail.isEmpty() ? data : data.put("detail", detail));
  }

  private TaskView change(Principal principal, String id, Change change) {
    return database.write(
        tx -> {
          TasksRecord row =
              store
                  .lock(tx, principal.organizationId(), id)
                  .orElseThrow(() -> ProblemException.notFound("task"));
          change.apply(tx, row);
          TasksRecord now = store.find(tx.sql(), id).orElseThrow();
          return TaskViews.view(now, store.lastReview(tx.sql(), id));
        });
  }

  private static void require(boolean moved, TasksRecord row) {
    if (!moved) {
      throw wrongStatus(row, "cannot do that now");
    }
  }

  private static ProblemException wrongStatus(TasksRecord row, String why) {
    return ProblemException.conflict("wrong-status", "The task " + row.getId() + " " + why);
  }

  @FunctionalInterface
  private interface Change {
    void apply(Tx tx, TasksRecord row);
  }
}
