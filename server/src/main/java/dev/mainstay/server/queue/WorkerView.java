package dev.mainstay.server.queue;

import dev.mainstay.queue.WorkerInfo;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A worker of a queue, in whatever process.
 *
 * @param id of this start of the worker
 * @param name stays the same over its restarts; one of BullMQ's in Node need not have one
 * @param host the name of its machine; of a worker in Node, the address that Redis sees
 * @param pid of its process
 * @param library mainstay or bullmq
 * @param concurrency how many jobs it runs at once
 * @param active jobs that workers of this name have
 * @param seenAt its last sign of life; it gives one each 10 seconds, and is not listed after 60
 *     without
 * @param jobs ids of jobs that it has, at most 20
 */
public record WorkerView(
    String id,
    @Nullable String name,
    @Nullable String host,
    @Nullable Long pid,
    String library,
    @Nullable Integer concurrency,
    int active,
    @Nullable Instant startedAt,
    @Nullable Instant seenAt,
    List<String> jobs) {

  static WorkerView of(WorkerInfo worker) {
    return new WorkerView(
        worker.id(),
        worker.name().orElse(null),
        worker.host().orElse(null),
        worker.pid().isPresent() ? worker.pid().getAsLong() : null,
        worker.library(),
        worker.concurrency().isPresent() ? worker.concurrency().getAsInt() : null,
        worker.active(),
        worker.startedAt().orElse(null),
        worker.seenAt(),
        worker.jobs());
  }
}
