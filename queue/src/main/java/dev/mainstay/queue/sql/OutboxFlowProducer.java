package dev.mainstay.queue.sql;

import dev.mainstay.queue.Flow;
import dev.mainstay.queue.FlowNode;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.TransactionalFlowProducer;
import dev.mainstay.queue.runtime.FlowTree;
import dev.mainstay.queue.runtime.StoreFlowProducer;
import dev.mainstay.queue.spi.FlowJob;
import dev.mainstay.queue.spi.FlowStore;
import java.sql.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Adds flows to a store without the caller's transactions, such as Redis, with the rows that they
 * are about: through an {@link Outbox}, see {@link OutboxTaskQueue}. What is returned are the jobs
 * as if none of their ids were taken. Should one of them turn out to have another parent, the flow
 * is not added as long as that is so; the log tells of it.
 */
public final class OutboxFlowProducer extends StoreFlowProducer
    implements TransactionalFlowProducer {
  private final FlowStore store;
  private final Outbox outbox;
  private final InstantSource clock;

  /**
   * @param outbox adds to this store
   */
  public OutboxFlowProducer(FlowStore store, Outbox outbox, InstantSource clock) {
    super(store, clock);
    this.store = store;
    this.outbox = outbox;
    this.clock = clock;
  }

  @Override
  public List<FlowNode> addBulk(Connection transaction, List<Flow> flows) {
    Instant now = clock.instant();
    List<FlowJob> jobs = FlowTree.jobs(flows, false, now);
    if (jobs.isEmpty()) {
      return List.of();
    }
    jobs.forEach(store::check);
    outbox.addFlow(transaction, jobs, now);
    return FlowTree.nodes(jobs, expected(jobs, now));
  }

  /** The jobs as they will be there. */
  private static List<Optional<Job>> expected(List<FlowJob> jobs, Instant now) {
    List<Optional<Job>> expected = new ArrayList<>();
    for (FlowJob flowJob : jobs) {
      Job job = Job.added(flowJob.request(), flowJob.id(), now);
      if (flowJob.parent() != FlowJob.ROOT) {
        FlowJob parent = jobs.get(flowJob.parent());
        job = job.childOf(new JobKey(parent.queue(), parent.id()));
      }
      expected.add(Optional.of(flowJob.hasChildren() ? job.withChildren() : job));
    }
    return expected;
  }

  @Override
  public void wake(List<FlowNode> flows) {
    outbox.signal();
  }

  /** Also a flow that is still on its way, by the job at its top. */
  @Override
  public Optional<FlowNode> find(String queue, String id, int depth, int maxChildren) {
    return super.find(queue, id, depth, maxChildren)
        .or(
            () ->
                outbox
                    .find(queue, id)
                    .filter(OutboxTable.Entry::addsFlow)
                    .map(entry -> onItsWay(entry, depth, maxChildren)))
        // It may have arrived between the two looks.
        .or(() -> super.find(queue, id, depth, maxChildren));
  }

  private static FlowNode onItsWay(OutboxTable.Entry entry, int depth, int maxChildren) {
    List<FlowJob> jobs = entry.jobs();
    List<Optional<Job>> shown = expected(jobs, entry.addedAt());
    int[] levels = new int[jobs.size()];
    int[] children = new int[jobs.size()];
    for (int place = 0; place < jobs.size(); place++) {
      int parent = jobs.get(place).parent();
      levels[place] = parent == FlowJob.ROOT ? 1 : levels[parent] + 1;
      boolean hidden =
          levels[place] > depth
              || (parent != FlowJob.ROOT
                  && (shown.get(parent).isEmpty() || ++children[parent] > maxChildren));
      if (hidden) {
        shown.set(place, Optional.empty());
      }
    }
    return FlowTree.nodes(jobs, shown).getFirst();
  }
}
