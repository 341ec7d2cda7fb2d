package dev.mainstay.queue.memory;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.FlowProducer;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.runtime.StoreFlowProducer;
import dev.mainstay.queue.runtime.StoreTaskQueue;
import dev.mainstay.queue.spi.FlowJob;
import dev.mainstay.queue.spi.FlowStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Queues in the memory of one process that know each other, so that a flow may have jobs in several
 * of them. Its monitor makes each operation on any of them atomic.
 */
public final class MemoryQueues implements FlowStore {
  private final Map<String, MemoryStore> stores = new HashMap<>();
  private final MemoryFlows flows = new MemoryFlows(this);

  /** The store of a queue, the same each time. */
  public synchronized MemoryStore store(String queue) {
    return stores.computeIfAbsent(queue, name -> new MemoryStore(name, this));
  }

  /** A queue, as one process of a database sees it. */
  public TaskQueue queue(String name, InstantSource clock) {
    return new StoreTaskQueue(store(name), clock);
  }

  public FlowProducer flowProducer(InstantSource clock) {
    return new StoreFlowProducer(this, clock);
  }

  /** What jobs have to do with each other; the monitor of this guards it. */
  MemoryFlows flows() {
    return flows;
  }

  @Override
  public synchronized List<Optional<Job>> add(List<FlowJob> jobs, Instant now) {
    return flows.add(null, jobs, now);
  }

  @Override
  public Optional<Job> find(JobKey job) {
    return store(job.queue()).find(job.id());
  }

  @Override
  public Page<Dependency> dependencies(JobKey parent, Optional<String> cursor, int limit) {
    return store(parent.queue()).dependencies(parent.id(), cursor, limit);
  }
}
