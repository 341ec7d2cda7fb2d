package dev.mainstay.queue.redis;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.Schedule;
import dev.mainstay.queue.spi.StoredScheduler;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Job schedulers by BullMQ's scripts. As there, the times of a pattern are the client's and those
 * of an interval the scripts', and who takes a scheduler's job adds the next one ({@code
 * job-scheduler.js}).
 */
final class Schedulers {
  private static final long COLLISION = -10;
  private static final long BUSY = -11;

  private final QueueLink link;
  private final Keys keys;

  Schedulers(QueueLink link) {
    this.link = link;
    this.keys = link.keys();
  }

  /** What is stored, whether or not its next job is there. */
  private Optional<StoredScheduler> read(String id) {
    var commands = link.connections().commands();
    var hash = commands.hgetall(Utf8.bytes(keys.key("repeat:" + id)));
    var score = commands.zscore(Utf8.bytes(keys.key("repeat")), Utf8.bytes(id));
    Map<byte[], byte[]> fields = link.connections().await(hash);
    Double next = link.connections().await(score);
    if (fields == null || fields.isEmpty() || next == null) {
      return Optional.empty();
    }
    return Optional.of(SchedulerHash.of(id, Utf8.texts(fields), next.longValue()));
  }

  Optional<StoredScheduler> find(String id) {
    return read(id)
        .map(scheduler -> isAhead(state(scheduler)) ? scheduler : withoutNext(scheduler));
  }

  /** The state of its newest job. */
  private Optional<JobState> state(StoredScheduler scheduler) {
    List<@Nullable Object> found = Reply.list(link.run(Script.GET, scheduler.jobId()));
    return JobHash.state(Reply.text(Reply.list(found.getFirst()).get(1)));
  }

  private static boolean isAhead(Optional<JobState> state) {
    return state.filter(now -> now == JobState.WAITING || now == JobState.DELAYED).isPresent();
  }

  /** Its next job has been taken and none was added. */
  private static StoredScheduler withoutNext(StoredScheduler scheduler) {
    return new StoredScheduler(
        scheduler.id(),
        scheduler.schedule(),
        scheduler.template(),
        scheduler.offset(),
        scheduler.iterations(),
        OptionalLong.empty());
  }

  StoredScheduler upsert(String id, Schedule schedule, JobRequest template, Instant now) {
    // It is over, and begins anew; BullMQ would go on counting.
    read(id)
        .filter(scheduler -> isOver(scheduler, now))
        .ifPresent(
            scheduler -> link.run(Script.END_SCHEDULER, id, scheduler.nextAt().orElseThrow()));
    StoredScheduler wanted =
        StoredScheduler.of(id, schedule, template, Optional.empty(), false, now);
    StoredScheduler added = wanted.withJob(job -> add(wanted, job, now), now);
    // Another call may have done the same by now, or removed it, also while it is read here.
    return find(id).filter(found -> found.nextAt().isPresent()).orElse(added);
  }

  /**
   * While its newest job is active it may be that the worker is just about to add the next one: who
   * is first adds it.
   */
  private boolean isOver(StoredScheduler scheduler, Instant now) {
    Optional<JobState> state = state(scheduler);
    return !isAhead(state)
        && (!state.equals(Optional.of(JobState.ACTIVE))
            || scheduler.advanced(now).nextAt().isEmpty());
  }

  /**
   * @return false if a job with this id is there
   */
  private boolean add(StoredScheduler scheduler, Job job, Instant now) {
    Schedule schedule = scheduler.schedule();
    Map<String, @Nullable Object> options = new LinkedHashMap<>();
    options.put("name", scheduler.template().name());
    options.putAll(SchedulerHash.times(schedule));
    if (!schedule.offset().isZero()) {
      options.put("offset", schedule.offset().toMillis());
    }
    Map<String, @Nullable Object> template = Options.write(scheduler.template().options());
    long next = job.runAt().orElse(now).toEpochMilli();
    Object reply =
        link.runOn(
            keys.keys(
                "repeat",
                "delayed",
                "wait",
                "paused",
                "meta",
                "prioritized",
                "marker",
                "id",
                "events",
                "pc",
                "active"),
            Script.ADD_JOB_SCHEDULER,
            next,
            MessagePack.encode(options),
            scheduler.id(),
            scheduler.template().data(),
            MessagePack.encode(template),
            MessagePack.encode(
                SchedulerHash.jobOptions(template, scheduler.id(), schedule, next, 1, now)),
            now.toEpochMilli(),
            keys.base(),
            "");
    if (reply instanceof Long code && code == BUSY) {
      throw new IllegalStateException(
          "Jobs with the ids of scheduler %s are there for its next times"
              .formatted(scheduler.id()));
    }
    return !(reply instanceof Long code && code == COLLISION);
  }

  /** Adds the job after this one, if this is the newest of a scheduler that is not over. */
  void started(JobHash hash, Instant now) {
    Optional<StoredScheduler> found =
        hash.schedulerId().flatMap(this::read).filter(one -> one.jobId().equals(hash.id()));
    if (found.isEmpty()) {
      return;
    }
    StoredScheduler next = found.get().advanced(now);
    if (next.nextAt().isPresent()) {
      next.withJob(job -> update(next, job, hash, now), now);
    }
  }

  private boolean update(StoredScheduler scheduler, Job job, JobHash last, Instant now) {
    long next = job.runAt().orElse(now).toEpochMilli();
    Map<String, @Nullable Object> options =
        SchedulerHash.jobOptions(
            last.rawOptions(),
            scheduler.id(),
            scheduler.schedule(),
            next,
            scheduler.iterations(),
            now);
    Object reply =
        link.runOn(
            List.of(
                keys.key("repeat"),
                keys.key("delayed"),
                keys.key("wait"),
                keys.key("paused"),
                keys.key("meta"),
                keys.key("prioritized"),
                keys.key("marker"),
                keys.key("id"),
                keys.key("events"),
                keys.key("pc"),
                keys.key(last.id()),
                keys.key("active")),
            Script.UPDATE_JOB_SCHEDULER,
            next,
            scheduler.id(),
            scheduler.template().data(),
            MessagePack.encode(options),
            now.toEpochMilli(),
            keys.base(),
            last.id());
    // An interval's time is the script's, which gives up if that is taken; another may have been
    // first.
    return reply != null || scheduler.schedule().every().isPresent() || !isNewest(scheduler, last);
  }

  private boolean isNewest(StoredScheduler scheduler, JobHash job) {
    return read(scheduler.id()).filter(now -> now.jobId().equals(job.id())).isPresent();
  }

  Page<StoredScheduler> list(Optional<String> cursor, int limit) {
    var range = link.connections().commands().zrange(Utf8.bytes(keys.key("repeat")), 0, -1);
    List<byte[]> all = link.connections().await(range);
    List<String> ids =
        (all == null ? List.<byte[]>of() : all)
            .stream()
                .map(Utf8::text)
                .filter(id -> id.compareTo(cursor.orElse("")) > 0)
                .sorted()
                .limit(limit + 1L)
                .toList();
    List<String> shown = ids.size() > limit ? ids.subList(0, limit) : ids;
    return new Page<>(
        shown.stream().flatMap(id -> find(id).stream()).toList(),
        ids.size() > limit ? Optional.of(shown.getLast()) : Optional.empty());
  }

  /** Removes a scheduler, and its next job unless that is active. */
  boolean remove(String id) {
    return Reply.number(link.run(Script.REMOVE_SCHEDULER, id)) == 1;
  }
}
