package dev.mainstay.server.queue;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobNotFoundException;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.JobStateException;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.TransactionalTaskQueue;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Page;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/** The HTTP side of queues. */
final class QueueEndpoints {
  static final String QUEUE = "/api/queues/{queue}";
  private static final String JOBS = QUEUE + "/jobs";
  private static final String JOB = JOBS + "/{id}";
  private static final String DEDUPLICATION = QUEUE + "/deduplications/{id}";
  private static final int MAX_CLEAN = 10_000;
  static final int MAX_REASON = 1000;

  private final Queues queues;
  private final InstantSource clock;

  QueueEndpoints(Queues queues, InstantSource clock) {
    this.queues = queues;
    this.clock = clock;
  }

  /** Why a job is canceled; it is part of the job's failed reason. */
  record CancelJob(
      @Nullable
          @Size(max = MAX_REASON)
          @Pattern(regexp = NewJob.NO_CONTROLS, message = NewJob.CONTROLS)
          String reason) {}

  /**
   * What to drain.
   *
   * @param delayed true to remove the delayed jobs too
   */
  record DrainQueue(@Nullable Boolean delayed) {}

  /**
   * What to clean.
   *
   * @param state any but active and waiting-children
   * @param grace milliseconds that a job must have been there, or finished; 0 if absent
   * @param limit how many at most; 1000 if absent
   */
  record CleanQueue(
      @NotNull JobStateName state,
      @Nullable @Min(0) Long grace,
      @Nullable @Min(1) @Max(MAX_CLEAN) Integer limit) {}

  /**
   * What to try again.
   *
   * @param state failed, if absent, or completed
   */
  record RetryJobs(@Nullable JobStateName state) {}

  /** How many jobs have changed. */
  record JobsChanged(int count) {}

  /** A line of a job's log. */
  record LogLine(String text) {}

  List<Endpoint<?>> list() {
    return List.of(
        Endpoint.get("/api/queues", Permission.QUEUES_READ, "List queues, by name")
            .pageOf(QueueView.class)
            .handle(
                call ->
                    Answer.json(
                        queues.list(
                            call.principal().organizationId(),
                            call.query("cursor").orElse(""),
                            call.limit()))),
        Endpoint.get(QUEUE, Permission.QUEUES_READ, "Get a queue")
            .answers(200, QueueView.class)
            .handle(call -> Answer.json(queues.find(name(call)))),
        Endpoint.delete(QUEUE, Permission.QUEUES_OPERATE, "Remove a queue with all its jobs")
            .query("force", "boolean", "true to remove active jobs too; their workers lose them")
            .answersNothing()
            .handle(this::remove),
        Endpoint.post(
                JOBS,
                Permission.QUEUES_WRITE,
                "Add a job, or a list of jobs all or none; the first makes the queue",
                NewJobs.class)
            .answers(201, JobViews.class)
            .create(this::add),
        Endpoint.get(JOBS, Permission.QUEUES_READ, "List jobs, those of each state in its order")
            .query(
                "state",
                "string",
                "Only jobs that are active, waiting, waiting-children, delayed, failed or completed")
            .query("name", "string", "Only jobs of this name")
            .query(
                "text",
                "string",
                "Only jobs with this in the id, name, data or failed reason, in whatever case; at most 200 characters. A page of a search may be short, or empty with a nextCursor: it looks at 10,000 jobs, for a second, at most")
            .pageOf(JobView.class)
            .handle(this::jobs),
        Endpoint.get(JOB, Permission.QUEUES_READ, "Get a job")
            .answers(200, JobView.class)
            .handle(this::job),
        Endpoint.get(
                JOB + "/logs",
                Permission.QUEUES_READ,
                "List the lines of a job's log, oldest first")
            .pageOf(LogLine.class)
            .handle(this::logs),
        Endpoint.delete(JOB, Permission.QUEUES_OPERATE, "Remove a job that is not active")
            .answersNothing()
            .handle(
                call -> {
                  change(call, TaskQueue::remove);
                  return Answer.none();
                }),
        Endpoint.get(
                DEDUPLICATION, Permission.QUEUES_READ, "Get the job that has a deduplication id")
            .answers(200, JobView.class)
            .handle(this::deduplicated),
        Endpoint.delete(
                DEDUPLICATION,
                Permission.QUEUES_OPERATE,
                "Take a deduplication id from the job that has it")
            .answersNothing()
            .handle(
                call -> {
                  if (!queues.open(name(call)).removeDeduplication(call.path("id"))) {
                    throw ProblemException.notFound("deduplication");
                  }
                  return Answer.none();
                }),
        Endpoint.post(JOB + "/retry", Permission.QUEUES_OPERATE, "Try a finished job again")
            .answers(200, JobView.class)
            .handle(call -> changed(call, TaskQueue::retry)),
        Endpoint.post(JOB + "/promote", Permission.QUEUES_OPERATE, "Make a delayed job wait now")
            .answers(200, JobView.class)
            .handle(call -> changed(call, TaskQueue::promote)),
        Endpoint.post(
                JOB + "/cancel",
                Permission.QUEUES_OPERATE,
                "Fail a job that waits, or interrupt one that is active",
                CancelJob.class)
            .bodyOptional()
            .answers(200, JobView.class)
            .handle(
                call -> {
                  String reason = Objects.requireNonNullElse(call.body().reason(), "");
                  return changed(call, (queue, id) -> queue.cancel(id, reason));
                }),
        Endpoint.post(QUEUE + "/pause", Permission.QUEUES_OPERATE, "Let no more jobs be taken")
            .answers(200, QueueView.class)
            .handle(call -> configured(call, TaskQueue::pause)),
        Endpoint.post(QUEUE + "/resume", Permission.QUEUES_OPERATE, "Let jobs be taken again")
            .answers(200, QueueView.class)
            .handle(call -> configured(call, TaskQueue::resume)),
        Endpoint.post(
                QUEUE + "/drain",
                Permission.QUEUES_OPERATE,
                "Remove all jobs that wait",
                DrainQueue.class)
            .bodyOptional()
            .answers(200, JobsChanged.class)
            .handle(
                call ->
                    count(call, queue -> queue.drain(Boolean.TRUE.equals(call.body().delayed())))),
        Endpoint.post(
                QUEUE + "/clean",
                Permission.QUEUES_OPERATE,
                "Remove old jobs of a state",
                CleanQueue.class)
            .answers(200, JobsChanged.class)
            .handle(call -> count(call, queue -> clean(queue, call.body()))),
        Endpoint.post(
                QUEUE + "/retry-failed",
                Permission.QUEUES_OPERATE,
                "Try all failed jobs again",
                RetryJobs.class)
            .bodyOptional()
            .answers(200, JobsChanged.class)
            .handle(call -> count(call, queue -> queue.retryAll(finished(call.body())))),
        Endpoint.post(
                QUEUE + "/promote-delayed",
                Permission.QUEUES_OPERATE,
                "Make all delayed jobs wait now")
            .answers(200, JobsChanged.class)
            .handle(call -> count(call, TaskQueue::promoteAll)));
  }

  static QueueName name(Call<?> call) {
    return new QueueName(call.principal().organizationId(), call.path("queue"));
  }

  private Answer.Body add(Call<NewJobs> call, Tx tx) {
    QueueName name = name(call);
    var requests = call.body().requests(queues::check);
    TransactionalTaskQueue queue = queues.openOrCreate(tx, name);
    List<JobView> jobs =
        queue.addBulk(tx.connection(), requests).stream()
            .map(job -> JobView.of(name.name(), job))
            .toList();
    tx.afterCommit(() -> queues.wake(name));
    Answer.Body answer = Answer.json(201, new JobViews(jobs, call.body().many()));
    return call.body().many()
        ? answer
        : answer.header(
            "Location", "/api/queues/%s/jobs/%s".formatted(name.name(), jobs.getFirst().id()));
  }

  private Answer remove(Call<None> call) {
    String force = call.query("force").orElse("false");
    if (!force.equals("true") && !force.equals("false")) {
      throw Fields.wrong("force", "must be true or false");
    }
    queues.remove(name(call), force.equals("true"));
    return Answer.none();
  }

  private Answer jobs(Call<None> call) {
    QueueName name = name(call);
    Optional<JobStateName> state =
        call.query("state").map(word -> JobStateName.parse("state", word));
    JobFilter filter = JobFilter.of(call.query("name"), call.query("text"));
    JobPages pages = new JobPages(name.name(), queues.open(name), clock);
    Supplier<Page<JobView>> page =
        () -> pages.page(state, filter, call.query("cursor"), call.limit());
    return Answer.json(filter.all() ? page.get() : queues.searching(name.organizationId(), page));
  }

  private Answer job(Call<?> call) {
    QueueName name = name(call);
    return Answer.json(JobView.of(name.name(), find(queues.open(name), call.path("id"))));
  }

  private Answer deduplicated(Call<None> call) {
    QueueName name = name(call);
    Job job =
        queues
            .open(name)
            .deduplicated(call.path("id"))
            .orElseThrow(() -> ProblemException.notFound("deduplication"));
    return Answer.json(JobView.of(name.name(), job));
  }

  private static Job find(TaskQueue queue, String id) {
    return queue.find(id).orElseThrow(() -> ProblemException.notFound("job"));
  }

  private Answer logs(Call<None> call) {
    TaskQueue queue = queues.open(name(call));
    String id = find(queue, call.path("id")).id();
    int limit = call.limit();
    int from = (int) call.number("cursor", 0, 0, JobOptions.MAX_KEEP_LOGS);
    List<String> lines = queue.logs(id, from, limit + 1);
    return Answer.json(
        dev.mainstay.server.platform.http.Page.of(
            lines, limit, LogLine::new, last -> Integer.toString(from + limit)));
  }

  private void change(Call<?> call, BiConsumer<TaskQueue, String> change) {
    TaskQueue queue = queues.open(name(call));
    try {
      change.accept(queue, call.path("id"));
    } catch (JobNotFoundException e) {
      throw ProblemException.notFound("job");
    } catch (JobStateException e) {
      throw ProblemException.conflict(
          "job-state", Optional.ofNullable(e.getMessage()).orElse("The job's state forbids it"));
    }
  }

  /** Answers with the job as it is afterwards; 404 if that has removed it. */
  private Answer changed(Call<?> call, BiConsumer<TaskQueue, String> change) {
    change(call, change);
    return job(call);
  }

  private Answer configured(Call<?> call, Consumer<TaskQueue> change) {
    QueueName name = name(call);
    change.accept(queues.openOrCreate(name));
    return Answer.json(queues.find(name));
  }

  private Answer count(Call<?> call, ToIntFunction<TaskQueue> change) {
    return Answer.json(new JobsChanged(change.applyAsInt(queues.open(name(call)))));
  }

  private static int clean(TaskQueue queue, CleanQueue body) {
    if (body.state() == JobStateName.ACTIVE) {
      throw Fields.wrong("state", "must not be active; cancel those jobs");
    }
    if (body.state() == JobStateName.WAITING_CHILDREN) {
      throw Fields.wrong("state", "must not be waiting-children; remove those jobs");
    }
    Duration grace = Duration.ofMillis(Objects.requireNonNullElse(body.grace(), 0L));
    int limit = Objects.requireNonNullElse(body.limit(), 1000);
    return Fields.checked("grace", () -> queue.clean(body.state().state(), grace, limit).size());
  }

  private static JobState finished(RetryJobs body) {
    JobState state =
        Optional.ofNullable(body.state()).map(JobStateName::state).orElse(JobState.FAILED);
    if (state != JobState.FAILED && state != JobState.COMPLETED) {
      throw Fields.wrong("state", "must be failed or completed");
    }
    return state;
  }
}
