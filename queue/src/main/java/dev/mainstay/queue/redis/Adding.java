package dev.mainstay.queue.redis;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.UnsupportedFeatureException;
import dev.mainstay.queue.spi.Admission;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What BullMQ's scripts want of a job that is added, and what they say of it. */
final class Adding {
  /** Jobs are keys beside these. */
  private static final Set<String> RESERVED =
      Set.of(
          "active",
          "completed",
          "de",
          "delay",
          "delayed",
          "events",
          "failed",
          "id",
          "limiter",
          "marker",
          "meta",
          "paused",
          "pc",
          "prioritized",
          "priority",
          "repeat",
          "stalled",
          "stalled-check",
          "wait",
          "waiting-children");

  /** Ids that BullMQ counts up. */
  private static final Pattern COUNTED = Pattern.compile("-?\\d+");

  /** Jobs of schedulers; less would be the key of one, and more that of what belongs to a job. */
  private static final Pattern OF_SCHEDULER = Pattern.compile("repeat:[^:]+:\\d+");

  private Adding() {}

  /** Which script adds it. */
  static String kind(JobRequest request) {
    if (request.options().delay().toMillis() > 0) {
      return "delayed";
    }
    return request.options().priority() > 0 ? "prioritized" : "standard";
  }

  /**
   * @throws UnsupportedFeatureException it has a group
   * @throws IllegalArgumentException its id would be in the way of BullMQ's keys
   */
  static void check(JobRequest request) {
    if (request.options().group().isPresent()) {
      throw new UnsupportedFeatureException("Groups", QueueMeta.ENGINE);
    }
    request.options().id().ifPresent(Adding::check);
  }

  /** As {@link #check(JobRequest)}. */
  static List<@Nullable Object> arguments(Keys keys, JobRequest request, Instant now) {
    JobOptions options = request.options();
    check(request);
    return Arrays.asList(
        keys.base(),
        options.id().orElse(""),
        request.name(),
        now.toEpochMilli(),
        null,
        null,
        null,
        null,
        options.deduplication().map(one -> keys.key("de:" + one.id())).orElse(null),
        null);
  }

  private static void check(String id) {
    boolean ofScheduler = OF_SCHEDULER.matcher(id).matches();
    if (RESERVED.contains(id)
        || COUNTED.matcher(id).matches()
        || (id.contains(":") && !ofScheduler)) {
      throw new IllegalArgumentException(
          "On Redis the id of a job is not a number, has no colon and is not a key of BullMQ's");
    }
  }

  /**
   * The job as it is now.
   *
   * @param reply the id of one that was added; of one that was there, id, hash, state and score
   */
  static Job job(QueueLink link, JobRequest request, @Nullable Object reply, Instant now) {
    if (reply instanceof byte[] id) {
      return Job.added(request, Utf8.text(id), now);
    }
    if (reply instanceof Long code) {
      throw new IllegalStateException("BullMQ refused the job with code %d".formatted(code));
    }
    List<@Nullable Object> there = Reply.list(reply);
    String id = Reply.text(there.getFirst());
    return found(link, id, there.subList(1, there.size()))
        .orElseGet(() -> Admission.gone(request, id, now));
  }

  /**
   * @param reply hash, state and score
   */
  static Optional<Job> found(QueueLink link, String id, List<@Nullable Object> reply) {
    JobHash hash = new JobHash(id, Reply.hash(reply.get(0)));
    return JobHash.state(Reply.text(reply.get(1)))
        .map(state -> hash.job(state, Reply.text(reply.get(2)), link.options()));
  }
}
