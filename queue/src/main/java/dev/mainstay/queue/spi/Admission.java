package dev.mainstay.queue.spi;

import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.spi.DeduplicationSource.Owner;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Decides whether a job with a deduplication id is added, as the scripts of BullMQ 6.7 do ({@code
 * deduplicateJob.lua}).
 */
public final class Admission {
  private Admission() {}

  /**
   * @param request has a deduplication id
   * @param id of the job if it is added
   * @return the job that stands in the way; if there is none the id is given to the new job, which
   *     is to be added
   */
  public static <E extends Exception> Optional<Job> refuse(
      DeduplicationSource<E> source, JobRequest request, String id, Instant now) throws E {
    Deduplication wanted = request.options().deduplication().orElseThrow();
    Optional<Instant> until = wanted.time().map(now::plus);
    Optional<Owner> owner = source.owner(wanted.id());
    Optional<Job> there = owner.isEmpty() ? Optional.empty() : holder(source, owner.get(), now);
    if (there.isEmpty() && !taken(owner, now)) {
      source.own(wanted.id(), new Owner(id, until));
      return Optional.empty();
    }
    // One that was removed as it finished may still have the id for a time.
    Job job = there.orElseGet(() -> gone(request, owner.orElseThrow().jobId(), now));
    if (wanted.replace() && source.removeDelayed(job.id())) {
      boolean goesOn = wanted.time().isPresent() && !wanted.extend();
      source.own(wanted.id(), new Owner(id, goesOn ? owner.orElseThrow().until() : until));
      return Optional.empty();
    }
    if (wanted.keepLastIfActive() && job.state() == JobState.ACTIVE) {
      source.keepNext(wanted.id(), request.with(options -> options.id(id)));
      return Optional.of(job);
    }
    if (!wanted.replace() && wanted.extend() && until.isPresent()) {
      source.extend(wanted.id(), until.get());
    }
    if (!wanted.replace() && wanted.reschedule() && job.state() == JobState.DELAYED) {
      source.reschedule(job.id(), request.options().delay());
      return source.find(job.id());
    }
    return Optional.of(job);
  }

  /** Whether an id is taken by the clock alone. */
  private static boolean taken(Optional<Owner> owner, Instant now) {
    return owner.flatMap(Owner::until).filter(until -> until.isAfter(now)).isPresent();
  }

  /** The job that has an id, if that is taken and the job is there. */
  public static <E extends Exception> Optional<Job> holder(
      DeduplicationSource<E> source, Owner owner, Instant now) throws E {
    Optional<Job> job = source.find(owner.jobId());
    return owner.until().isPresent()
        ? job.filter(there -> taken(Optional.of(owner), now))
        : job.filter(there -> !there.state().finished());
  }

  /** A job of which only its id is known. */
  public static Job gone(JobRequest request, String id, Instant now) {
    Job added = Job.added(request, id, now);
    return new Job(
        id,
        added.name(),
        added.data(),
        added.options(),
        JobState.COMPLETED,
        0,
        0,
        added.createdAt(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        Optional.empty(),
        Optional.empty());
  }
}
