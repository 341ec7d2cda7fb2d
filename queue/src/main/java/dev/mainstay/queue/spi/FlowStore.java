package dev.mainstay.queue.spi;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.Page;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** All queues of one store, for flows. As with {@link QueueStore}, every operation is atomic. */
public interface FlowStore {

  /**
   * Refuses a job that this store would refuse to add, without a look at what is there.
   *
   * @throws IllegalArgumentException it can be in no queue of this store
   * @throws dev.mainstay.queue.UnsupportedFeatureException this store cannot have it
   */
  default void check(FlowJob job) {}

  /**
   * Adds all jobs or none, as {@link dev.mainstay.queue.FlowProducer#add} says, and tells the
   * workers of their queues.
   *
   * @return for each, the job that was added, was there or stood in the way; empty for those below
   *     a job that was there
   */
  List<Optional<Job>> add(List<FlowJob> jobs, Instant now);

  Optional<Job> find(JobKey job);

  /** As {@link dev.mainstay.queue.JobControl#dependencies}; no items if there is no such job. */
  Page<Dependency> dependencies(JobKey parent, Optional<String> cursor, int limit);
}
