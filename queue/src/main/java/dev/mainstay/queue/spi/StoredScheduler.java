package dev.mainstay.queue.spi;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobScheduler;
import dev.mainstay.queue.Schedule;
import dev.mainstay.queue.cron.CronExpression;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A job scheduler as a store has it. The times are those of BullMQ 6.7 ({@code job-scheduler.js},
 * {@code getJobSchedulerEveryNextMillis.lua}).
 *
 * @param offset of an interval, in milliseconds, from the whole multiples of it
 * @param iterations jobs that were added
 * @param nextAt epoch milliseconds at which the newest is due; empty if the schedule is over
 */
public record StoredScheduler(
    String id,
    Schedule schedule,
    JobRequest template,
    long offset,
    int iterations,
    OptionalLong nextAt) {

  /** Times that are tried if jobs with the ids of earlier ones are there. */
  private static final int MAX_SKIPPED = 1000;

  /**
   * A scheduler that has just been made or changed.
   *
   * @param before what it was
   * @param replaced the next job was there and has been removed
   */
  public static StoredScheduler of(
      String id,
      Schedule schedule,
      JobRequest template,
      Optional<StoredScheduler> before,
      boolean replaced,
      Instant now) {
    StoredScheduler fresh =
        new StoredScheduler(
            id, schedule, template, schedule.offset().toMillis(), 0, OptionalLong.empty());
    Optional<StoredScheduler> going = before.filter(there -> there.nextAt().isPresent());
    if (going.isEmpty()) {
      return fresh.then(fresh.first(now.toEpochMilli()), now);
    }
    StoredScheduler old = going.get();
    int made = old.iterations() - (replaced ? 1 : 0);
    if (schedule.every().isEmpty() || !schedule.every().equals(old.schedule().every())) {
      return fresh.with(fresh.offset(), made).then(fresh.first(now.toEpochMilli()), now);
    }
    // The interval goes on; what was replaced comes at its time.
    StoredScheduler same =
        fresh.with(schedule.offset().isZero() ? old.offset() : fresh.offset(), made);
    long last = old.nextAt().getAsLong();
    return same.then(replaced ? old.nextAt() : same.afterInterval(last, now.toEpochMilli()), now);
  }

  private StoredScheduler with(long newOffset, int made) {
    return new StoredScheduler(id, schedule, template, newOffset, made, nextAt);
  }

  private OptionalLong first(long now) {
    long start = Math.max(now, schedule.startAt().map(Instant::toEpochMilli).orElse(now));
    if (schedule.every().isEmpty()) {
      return schedule.immediately() ? OptionalLong.of(now) : afterPattern(start);
    }
    long every = schedule.every().get().toMillis();
    if (schedule.startAt().isPresent() || offset == 0) {
      return OptionalLong.of(start);
    }
    long aligned = Math.floorDiv(now, every) * every + offset;
    return OptionalLong.of(aligned > now ? aligned : aligned + every);
  }

  /** The scheduler once its newest job has been taken: with one more, or over. */
  public StoredScheduler advanced(Instant now) {
    long last = nextAt.orElseThrow();
    boolean more = schedule.limit().isEmpty() || iterations < schedule.limit().getAsInt();
    return then(more ? after(last, now.toEpochMilli()) : OptionalLong.empty(), now);
  }

  /** Adds a job, unless its id is there. */
  @FunctionalInterface
  public interface Adding<E extends Exception> {
    boolean add(Job job) throws E;
  }

  /**
   * Adds the newest job.
   *
   * @return as it is then: the job has the first time whose id is free
   */
  public <E extends Exception> StoredScheduler withJob(Adding<E> adding, Instant now) throws E {
    StoredScheduler scheduler = this;
    for (int tries = 0; tries < MAX_SKIPPED; tries++) {
      if (scheduler.nextAt().isEmpty() || adding.add(scheduler.job(now))) {
        return scheduler;
      }
      scheduler = scheduler.skipped(now);
    }
    throw new IllegalStateException(
        "Jobs with the ids of scheduler %s are there for its next %d times"
            .formatted(id, MAX_SKIPPED));
  }

  /** The same at the time after its next, for when that cannot have a job. */
  private StoredScheduler skipped(Instant now) {
    long last = nextAt.orElseThrow();
    return with(offset, iterations - 1).then(after(last, last), now);
  }

  private OptionalLong after(long last, long now) {
    return schedule.every().isPresent()
        ? afterInterval(last, now)
        : afterPattern(Math.max(last, now));
  }

  private OptionalLong afterInterval(long last, long now) {
    long every = schedule.every().orElseThrow().toMillis();
    if (last + every >= now) {
      return OptionalLong.of(last + every);
    }
    long aligned = Math.floorDiv(now, every) * every + offset;
    return OptionalLong.of(aligned > now ? aligned : aligned + every);
  }

  private OptionalLong afterPattern(long time) {
    return CronExpression.parse(schedule.pattern().orElseThrow(), id)
        .next(Instant.ofEpochMilli(time), schedule.timeZone())
        .map(next -> OptionalLong.of(next.toEpochMilli()))
        .orElse(OptionalLong.empty());
  }

  /** With one more job, unless its time is after the end or too far away; then it is over. */
  private StoredScheduler then(OptionalLong next, Instant now) {
    Instant end = now.plus(JobOptions.MAX_DELAY);
    Instant last = schedule.endAt().filter(given -> given.isBefore(end)).orElse(end);
    if (next.isEmpty() || next.getAsLong() > last.toEpochMilli()) {
      return new StoredScheduler(id, schedule, template, offset, iterations, OptionalLong.empty());
    }
    long every = schedule.every().map(Duration::toMillis).orElse(0L);
    long aligned = every > 0 && offset == 0 ? Math.floorMod(next.getAsLong(), every) : offset;
    return new StoredScheduler(id, schedule, template, aligned, iterations + 1, next);
  }

  /** The id of its newest job. */
  public String jobId() {
    return "repeat:%s:%d".formatted(id, nextAt.orElseThrow());
  }

  /** Its newest job, to be added now. */
  public Job job(Instant now) {
    long delay = Math.max(0, nextAt.orElseThrow() - now.toEpochMilli());
    JobRequest request =
        template.with(options -> options.id(jobId()).delay(Duration.ofMillis(delay)));
    return Job.added(request, jobId(), now).ofScheduler(id);
  }

  /** The longest id whose jobs' ids are not too long. */
  public static int maxIdLength() {
    return JobRequest.MAX_NAME_LENGTH - "repeat::".length() - "9223372036854775807".length();
  }

  public JobScheduler scheduler() {
    return new JobScheduler(
        id,
        schedule,
        template,
        iterations,
        nextAt.isPresent()
            ? Optional.of(Instant.ofEpochMilli(nextAt.getAsLong()))
            : Optional.empty());
  }
}
