package dev.mainstay.queue.redis;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.json.Json;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Settlement;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How attempts end: the arguments of {@link Script#EXCHANGE} and {@link Script#SETTLE}. */
final class Settling {
  private Settling() {}

  /** The end of an attempt after which its job is to run again. */
  static Call call(QueueLink link, Settlement settlement, Instant now) {
    Job job = settlement.claimed().job();
    boolean counts = settlement.attemptsMade() > job.attemptsMade();
    String kind =
        switch (settlement.state()) {
          case WAITING -> counts ? "retry" : "release";
          case WAITING_CHILDREN -> "children";
          case DELAYED -> counts ? "delay" : "postpone";
          case COMPLETED, FAILED, ACTIVE ->
              throw new IllegalArgumentException("An attempt is not settled as " + settlement);
        };
    Object more =
        settlement.state() == JobState.DELAYED
            ? delay(settlement, now)
            : job.options().lifo() ? "RPUSH" : "LPUSH";
    List<Object> end =
        end(
            link,
            settlement.claimed(),
            kind,
            now,
            settlement.failedReason().orElse(""),
            job.options().removeOnFail(),
            counts ? fields(settlement) : "");
    return link.call(Script.SETTLE, end, more);
  }

  /** The arguments of {@link Script#EXCHANGE} for the end of an attempt that is the last. */
  static List<Object> end(QueueLink link, Settlement settlement, Instant now) {
    Job job = settlement.claimed().job();
    boolean completed = settlement.state() == JobState.COMPLETED;
    boolean counts = settlement.attemptsMade() > job.attemptsMade();
    return end(
        link,
        settlement.claimed(),
        completed ? "completed" : "failed",
        // The time at which the handler ended, which is not later than this exchange.
        settlement.finishedAt().orElse(now),
        completed ? settlement.returnValue().orElse("null") : settlement.failedReason().orElse(""),
        completed ? job.options().removeOnComplete() : job.options().removeOnFail(),
        counts && !completed ? fields(settlement) : "");
  }

  /** Fails a job that has been claimed and has not run. */
  static Call fail(QueueLink link, Claimed claimed, String reason, Instant now) {
    Retention kept = claimed.job().options().removeOnFail();
    return link.call(Script.SETTLE, end(link, claimed, "failed", now, reason, kept, ""), 0);
  }

  private static List<Object> end(
      QueueLink link,
      Claimed claimed,
      String kind,
      Instant at,
      String value,
      Retention kept,
      Object fields) {
    Job job = claimed.job();
    Map<String, @Nullable Object> options = new LinkedHashMap<>();
    options.put("keepJobs", Options.kept(kept));
    options.put("attempts", job.options().attempts());
    options.put("maxMetricsSize", link.maxMetricsSize());
    return List.of(
        job.id(),
        kind,
        at.toEpochMilli(),
        claimed.token(),
        value,
        MessagePack.encode(options),
        fields);
  }

  private static long delay(Settlement settlement, Instant now) {
    Duration delay = Duration.between(now, settlement.runAt().orElse(now));
    return Math.max(0, delay.toMillis());
  }

  private static byte[] fields(Settlement settlement) {
    return MessagePack.encode(
        List.of(
            "failedReason",
            settlement.failedReason().orElse(""),
            "stacktrace",
            Json.write(settlement.stackTraces())));
  }
}
