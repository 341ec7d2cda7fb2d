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
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How attempts end: the arguments of {@link Script#SETTLE}. */
final class Settling {
  private Settling() {}

  static Call call(QueueLink link, Settlement settlement, Instant now) {
    Job job = settlement.claimed().job();
    boolean counts = settlement.attemptsMade() > job.attemptsMade();
    boolean completed = settlement.state() == JobState.COMPLETED;
    String kind =
        switch (settlement.state()) {
          case COMPLETED -> "completed";
          case FAILED -> "failed";
          case WAITING -> counts ? "retry" : "release";
          case WAITING_CHILDREN -> "children";
          case DELAYED -> counts ? "delay" : "postpone";
          case ACTIVE -> throw new IllegalArgumentException("An attempt ends in another state");
        };
    Optional<String> value = completed ? settlement.returnValue() : settlement.failedReason();
    Object more =
        settlement.state() == JobState.DELAYED
            ? delay(settlement, now)
            : job.options().lifo() ? "RPUSH" : "LPUSH";
    return call(
        link,
        settlement.claimed(),
        kind,
        // The time at which the handler ended, which is not later than this exchange.
        settlement.finishedAt().orElse(now),
        value.orElse(completed ? "null" : ""),
        completed ? job.options().removeOnComplete() : job.options().removeOnFail(),
        counts && !completed ? fields(settlement) : "",
        more);
  }

  /** Fails a job that has been claimed and has not run. */
  static Call fail(QueueLink link, Claimed claimed, String reason, Instant now) {
    Retention kept = claimed.job().options().removeOnFail();
    return call(link, claimed, "failed", now, reason, kept, "", 0);
  }

  private static Call call(
      QueueLink link,
      Claimed claimed,
      String kind,
      Instant now,
      String value,
      Retention kept,
      Object fields,
      Object more) {
    Job job = claimed.job();
    Map<String, @Nullable Object> options = new LinkedHashMap<>();
    options.put("keepJobs", Options.kept(kept));
    options.put("attempts", job.options().attempts());
    options.put("maxMetricsSize", link.maxMetricsSize());
    return link.call(
        Script.SETTLE,
        job.id(),
        kind,
        now.toEpochMilli(),
        claimed.token(),
        value,
        MessagePack.encode(options),
        fields,
        more);
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
