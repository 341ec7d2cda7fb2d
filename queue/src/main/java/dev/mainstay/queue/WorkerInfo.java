package dev.mainstay.queue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A worker of a queue, as others see it.
 *
 * @param id its own, of this start; no other worker has or had it
 * @param name its {@link WorkerOptions#workerId}; a worker of BullMQ's in Node need not have one
 * @param host the name of its machine; of a worker in Node, the address that Redis sees
 * @param pid of its process, on its host
 * @param library {@link #MAINSTAY} or {@link #BULLMQ}
 * @param concurrency how many jobs it runs at once
 * @param active jobs that it has, those that were prefetched too. They are found by its name: two
 *     workers of one name have the same, and one without a name has none
 * @param seenAt its last sign of life; it gives one each 10 seconds
 * @param jobs ids of jobs that it has, at most {@link #MAX_JOBS}
 */
public record WorkerInfo(
    String id,
    Optional<String> name,
    Optional<String> host,
    OptionalLong pid,
    String library,
    OptionalInt concurrency,
    int active,
    Optional<Instant> startedAt,
    Instant seenAt,
    List<String> jobs) {

  public static final String MAINSTAY = "mainstay";

  /** The npm package. */
  public static final String BULLMQ = "bullmq";

  public static final int MAX_JOBS = 20;

  /** A worker is not listed any more when it has given no sign of life for so long. */
  public static final Duration GONE_AFTER = Duration.ofSeconds(60);
}
