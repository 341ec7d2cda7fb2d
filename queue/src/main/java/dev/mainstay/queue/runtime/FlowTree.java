package dev.mainstay.queue.runtime;

import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.Flow;
import dev.mainstay.queue.FlowNode;
import dev.mainstay.queue.FlowProducer;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.Limits;
import dev.mainstay.queue.spi.FlowJob;
import dev.mainstay.queue.spi.JobIds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Between flows, which are trees, and lists of their jobs. Nothing here recurs, however deep. */
public final class FlowTree {
  private FlowTree() {}

  /**
   * The jobs of flows level by level, each with an id, parents before their children.
   *
   * @param children true if the roots will be children of another job
   * @throws IllegalArgumentException as {@link FlowProducer#add} says
   */
  public static List<FlowJob> jobs(List<Flow> flows, boolean children, Instant now) {
    List<Flow> order = new ArrayList<>(flows);
    List<Integer> parents = new ArrayList<>();
    flows.forEach(flow -> parents.add(FlowJob.ROOT));
    for (int place = 0; place < order.size(); place++) {
      Limits.range("The number of jobs in flows", order.size(), 0, FlowProducer.MAX_JOBS);
      for (Flow child : order.get(place).children()) {
        order.add(child);
        parents.add(place);
      }
    }
    List<FlowJob> jobs = new ArrayList<>();
    for (int place = 0; place < order.size(); place++) {
      jobs.add(job(order.get(place), parents.get(place), children, now));
    }
    return jobs;
  }

  private static FlowJob job(Flow flow, int parent, boolean children, Instant now) {
    Limits.name("The name of the queue", flow.queue());
    Optional<Deduplication> deduplication = flow.job().options().deduplication();
    boolean hasChildren = !flow.children().isEmpty();
    if (hasChildren && deduplication.isPresent()) {
      throw new IllegalArgumentException("A job with children cannot have a deduplication");
    }
    boolean child = children || parent != FlowJob.ROOT;
    if (child && deduplication.filter(Deduplication::keepLastIfActive).isPresent()) {
      throw new IllegalArgumentException("A child cannot be deduplicated with keepLastIfActive");
    }
    JobRequest request = flow.job();
    if (request.options().id().isEmpty()) {
      request = request.with(options -> options.id(JobIds.next(now)));
    }
    return new FlowJob(flow.queue(), request, parent, hasChildren);
  }

  /**
   * What was added of the flows.
   *
   * @param added for each of {@code jobs}
   */
  public static List<FlowNode> nodes(List<FlowJob> jobs, List<Optional<Job>> added) {
    List<Node> nodes = new ArrayList<>();
    int[] places = new int[jobs.size()];
    for (int place = 0; place < jobs.size(); place++) {
      FlowJob job = jobs.get(place);
      int parent = job.parent() == FlowJob.ROOT ? FlowJob.ROOT : places[job.parent()];
      places[place] = nodes.size();
      added.get(place).ifPresent(there -> nodes.add(new Node(job.queue(), there, parent)));
    }
    return roots(nodes);
  }

  /**
   * A job among others, parents before their children.
   *
   * @param parent place of its parent, or {@link FlowJob#ROOT}
   */
  record Node(String queue, Job job, int parent) {}

  /** The roots with what is below them. */
  static List<FlowNode> roots(List<Node> nodes) {
    List<List<FlowNode>> children = new ArrayList<>();
    nodes.forEach(node -> children.add(new ArrayList<>()));
    List<FlowNode> roots = new ArrayList<>();
    // From the end, so that all children of a node are made before it.
    for (int place = nodes.size() - 1; place >= 0; place--) {
      Node node = nodes.get(place);
      FlowNode made = new FlowNode(node.queue(), node.job(), children.get(place).reversed());
      (node.parent() == FlowJob.ROOT ? roots : children.get(node.parent())).add(made);
    }
    return roots.reversed();
  }
}
