package dev.mainstay.server.queue;

import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobScheduler;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.Schedule;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/** The HTTP side of job schedulers. */
final class SchedulerEndpoints {
  private static final String SCHEDULERS = QueueEndpoints.QUEUE + "/schedulers";
  private static final String SCHEDULER = SCHEDULERS + "/{id}";

  private final Queues queues;
  private final InstantSource clock;

  SchedulerEndpoints(Queues queues, InstantSource clock) {
    this.queues = queues;
    this.clock = clock;
  }

  List<Endpoint<?>> list() {
    return List.of(
        Endpoint.get(SCHEDULERS, Permission.QUEUES_READ, "List job schedulers, by id")
            .pageOf(SchedulerView.class)
            .handle(this::page),
        Endpoint.get(SCHEDULER, Permission.QUEUES_READ, "Get a job scheduler")
            .answers(200, SchedulerView.class)
            .handle(
                call ->
                    Answer.json(
                        queues
                            .open(QueueEndpoints.name(call))
                            .findScheduler(call.path("id"))
                            .map(SchedulerView::of)
                            .orElseThrow(() -> ProblemException.notFound("scheduler")))),
        Endpoint.put(
                SCHEDULER,
                Permission.QUEUES_OPERATE,
                "Make a job scheduler, or change it and replace its next job",
                NewScheduler.class)
            .answers(200, SchedulerView.class)
            .handle(this::upsert),
        Endpoint.delete(
                SCHEDULER, Permission.QUEUES_OPERATE, "Remove a job scheduler and its next job")
            .answersNothing()
            .handle(this::remove));
  }

  private Answer page(Call<None> call) {
    Page<JobScheduler> page =
        queues.open(QueueEndpoints.name(call)).listSchedulers(call.query("cursor"), call.limit());
    return Answer.json(
        new dev.mainstay.server.platform.http.Page<>(
            page.items().stream().map(SchedulerView::of).toList(), page.next().orElse(null)));
  }

  private Answer upsert(Call<NewScheduler> call) {
    String id = call.path("id");
    if (!id.matches(NewJobOptions.ID_FORM)) {
      throw Fields.wrong("id", NewJobOptions.ID_RULE);
    }
    Schedule schedule = call.body().schedule();
    JobRequest template = call.body().request();
    refuseOptions(call.body());
    Instant latest = clock.instant().plus(JobOptions.MAX_DELAY);
    if (schedule.startAt().filter(latest::isBefore).isPresent()) {
      throw Fields.wrong(
          "startDate",
          "must be within %d days from now, as the delay of a job"
              .formatted(JobOptions.MAX_DELAY.toDays()));
    }
    TaskQueue queue = queues.openOrCreate(QueueEndpoints.name(call));
    String field = id.length() > 200 ? "id" : schedule.pattern().isPresent() ? "pattern" : "every";
    return Answer.json(
        SchedulerView.of(
            Fields.checked(field, () -> queue.upsertScheduler(id, schedule, template))));
  }

  private static void refuseOptions(NewScheduler body) {
    NewJobOptions opts = body.template().opts();
    if (opts != null && opts.jobId() != null) {
      throw Fields.wrong("template.opts.jobId", "must not be given; each job gets its own");
    }
    if (opts != null && opts.delay() != null) {
      throw Fields.wrong("template.opts.delay", "must not be given; the schedule sets it");
    }
    if (opts != null && opts.deduplication() != null) {
      throw Fields.wrong("template.opts.deduplication", "must not be given");
    }
  }

  private Answer remove(Call<None> call) {
    if (!queues.open(QueueEndpoints.name(call)).removeScheduler(call.path("id"))) {
      throw ProblemException.notFound("scheduler");
    }
    return Answer.none();
  }
}
