package dev.mainstay.queue.spi;

import dev.mainstay.queue.WorkerInfo;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a worker tells of itself.
 *
 * @param id of this start of the worker
 * @param name its worker id
 * @param host empty if it is not known (yet)
 */
public record Presence(
    String id, String name, Optional<String> host, long pid, int concurrency, Instant startedAt) {

  /** The worker as others see it. */
  public WorkerInfo seen(Instant at, ActiveJobs jobs) {
    return new WorkerInfo(
        id,
        Optional.of(name),
        host,
        OptionalLong.of(pid),
        WorkerInfo.MAINSTAY,
        OptionalInt.of(concurrency),
        jobs.count(name),
        Optional.of(startedAt),
        at,
        jobs.ids(name));
  }
}
