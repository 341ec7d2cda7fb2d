package dev.mainstay.queue.spi;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Limits;
import dev.mainstay.queue.QueueEvent;
import dev.mainstay.queue.QueueEventType;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** An event before it has got its place in the order. */
public record Event(QueueEventType type, Optional<String> jobId, Map<String, String> details) {

  private static Event of(QueueEventType type, String jobId, Map<String, String> details) {
    return new Event(type, Optional.of(jobId), details);
  }

  public static Event ofQueue(QueueEventType type) {
    return new Event(type, Optional.empty(), Map.of());
  }

  public static Event cleaned(int count) {
    return new Event(
        QueueEventType.CLEANED, Optional.empty(), Map.of("count", Integer.toString(count)));
  }

  /** A job has been added; {@link #state} follows. */
  public static Event added(Job job) {
    return of(QueueEventType.ADDED, job.id(), Map.of("name", job.name()));
  }

  /** In which state a job is that has just been added. */
  public static Event state(Job job) {
    return switch (job.state()) {
      case DELAYED -> delayed(job.id(), job.runAt().orElse(Instant.EPOCH));
      case WAITING_CHILDREN -> of(QueueEventType.WAITING_CHILDREN, job.id(), Map.of());
      case WAITING, ACTIVE, COMPLETED, FAILED -> of(QueueEventType.WAITING, job.id(), Map.of());
    };
  }

  public static Event delayed(String jobId, Instant runAt) {
    return of(QueueEventType.DELAYED, jobId, Map.of("delay", Long.toString(runAt.toEpochMilli())));
  }

  public static Event waiting(String jobId, JobState before) {
    return of(QueueEventType.WAITING, jobId, Map.of("prev", word(before)));
  }

  public static Event waitingChildren(String jobId, JobState before) {
    return of(QueueEventType.WAITING_CHILDREN, jobId, Map.of("prev", word(before)));
  }

  public static Event active(String jobId) {
    return of(QueueEventType.ACTIVE, jobId, Map.of());
  }

  public static Event stalled(String jobId) {
    return of(QueueEventType.STALLED, jobId, Map.of());
  }

  public static Event failed(String jobId, String reason, JobState before) {
    return of(
        QueueEventType.FAILED,
        jobId,
        Map.of(
            "failedReason", Limits.cut(reason, QueueEvent.MAX_REASON_BYTES), "prev", word(before)));
  }

  public static Event removed(String jobId, JobState before) {
    return of(QueueEventType.REMOVED, jobId, Map.of("prev", word(before)));
  }

  public static Event progress(String jobId, String progress) {
    return of(QueueEventType.PROGRESS, jobId, Map.of("data", progress));
  }

  public static Event duplicated(String jobId) {
    return of(QueueEventType.DUPLICATED, jobId, Map.of());
  }

  /**
   * @param jobId the job that stands in the way
   * @param refused the one that was not added
   */
  public static Event deduplicated(String jobId, String deduplicationId, String refused) {
    return of(
        QueueEventType.DEDUPLICATED,
        jobId,
        Map.of("deduplicationId", deduplicationId, "deduplicatedJobId", refused));
  }

  /** What a settlement that was written is seen as. */
  public static List<Event> settled(Settlement settlement) {
    Job job = settlement.claimed().job();
    return switch (settlement.state()) {
      case COMPLETED -> List.of(of(QueueEventType.COMPLETED, job.id(), Map.of("prev", "active")));
      case FAILED -> {
        List<Event> events = new ArrayList<>();
        events.add(failed(job.id(), settlement.failedReason().orElse(""), JobState.ACTIVE));
        if (settlement.attemptsMade() >= job.options().attempts()) {
          String made = Integer.toString(settlement.attemptsMade());
          events.add(of(QueueEventType.RETRIES_EXHAUSTED, job.id(), Map.of("attemptsMade", made)));
        }
        yield events;
      }
      case DELAYED -> List.of(delayed(job.id(), settlement.runAt().orElse(Instant.EPOCH)));
      case WAITING_CHILDREN -> List.of(waitingChildren(job.id(), JobState.ACTIVE));
      case WAITING, ACTIVE -> List.of(waiting(job.id(), JobState.ACTIVE));
    };
  }

  private static String word(JobState state) {
    return state.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
