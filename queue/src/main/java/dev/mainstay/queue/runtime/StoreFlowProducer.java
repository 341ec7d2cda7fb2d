package dev.mainstay.queue.runtime;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.Flow;
import dev.mainstay.queue.FlowNode;
import dev.mainstay.queue.FlowProducer;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.Limits;
import dev.mainstay.queue.spi.FlowJob;
import dev.mainstay.queue.spi.FlowStore;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A flow producer on any store. */
public class StoreFlowProducer implements FlowProducer {
  private final FlowStore store;
  private final InstantSource clock;

  public StoreFlowProducer(FlowStore store, InstantSource clock) {
    this.store = store;
    this.clock = clock;
  }

  @Override
  public FlowNode add(Flow flow) {
    return addBulk(List.of(flow)).getFirst();
  }

  @Override
  public List<FlowNode> addBulk(List<Flow> flows) {
    Instant now = clock.instant();
    List<FlowJob> jobs = FlowTree.jobs(flows, false, now);
    return jobs.isEmpty() ? List.of() : FlowTree.nodes(jobs, store.add(jobs, now));
  }

  @Override
  public Optional<FlowNode> find(String queue, String id, int depth, int maxChildren) {
    Limits.range("depth", depth, 1, Integer.MAX_VALUE);
    Limits.range("maxChildren", maxChildren, 1, MAX_CHILDREN);
    Optional<Job> root = store.find(new JobKey(queue, id));
    if (root.isEmpty()) {
      return Optional.empty();
    }
    List<FlowTree.Node> nodes = new ArrayList<>();
    nodes.add(new FlowTree.Node(queue, root.get(), FlowJob.ROOT));
    int from = 0;
    for (int level = 1; level < depth && from < nodes.size(); level++) {
      int to = nodes.size();
      for (int place = from; place < to; place++) {
        addChildren(nodes, place, maxChildren);
      }
      from = to;
    }
    return Optional.of(FlowTree.roots(nodes).getFirst());
  }

  private void addChildren(List<FlowTree.Node> nodes, int place, int maxChildren) {
    FlowTree.Node parent = nodes.get(place);
    JobKey key = new JobKey(parent.queue(), parent.job().id());
    for (Dependency child : store.dependencies(key, Optional.empty(), maxChildren).items()) {
      Optional<Job> job = store.find(child.job());
      // Under the id of a child that has been removed there may be another job by now.
      if (job.flatMap(Job::parent).filter(key::equals).isPresent()) {
        nodes.add(new FlowTree.Node(child.job().queue(), job.orElseThrow(), place));
        Limits.range("The number of jobs found", nodes.size(), 1, MAX_JOBS);
      }
    }
  }
}
