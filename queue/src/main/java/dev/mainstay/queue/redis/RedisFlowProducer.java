package dev.mainstay.queue.redis;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.runtime.StoreFlowProducer;
import dev.mainstay.queue.spi.FlowJob;
import dev.mainstay.queue.spi.FlowStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * Adds flows to queues in Redis, as BullMQ's {@code FlowProducer} does: its workers take part in
 * them.
 */
public final class RedisFlowProducer extends StoreFlowProducer {

  /** With {@link RedisOptions#DEFAULT}. */
  public RedisFlowProducer(RedisConnections connections, InstantSource clock) {
    this(connections, clock, RedisOptions.DEFAULT);
  }

  /**
   * @param options as the queues have them
   */
  public RedisFlowProducer(
      RedisConnections connections, InstantSource clock, RedisOptions options) {
    super(store(connections, options), clock);
  }

  /** The flows without what is above them, for hosts that put something else there. */
  public static FlowStore store(RedisConnections connections, RedisOptions options) {
    return new Store(connections, options);
  }

  private record Store(RedisConnections connections, RedisOptions options) implements FlowStore {

    private QueueLink link(String queue) {
      return QueueLink.of(queue, connections, options);
    }

    @Override
    public void check(FlowJob job) {
      QueueLink unused = link(job.queue());
      Adding.check(job.request());
    }

    @Override
    public List<Optional<Job>> add(List<FlowJob> jobs, Instant now) {
      return new Flows(connections, options).add(jobs, now);
    }

    @Override
    public Optional<Job> find(JobKey job) {
      return new Jobs(link(job.queue())).find(job.id());
    }

    @Override
    public Page<Dependency> dependencies(JobKey parent, Optional<String> cursor, int limit) {
      return new Flows(connections, options)
          .dependencies(link(parent.queue()), parent.id(), cursor, limit);
    }
  }
}
