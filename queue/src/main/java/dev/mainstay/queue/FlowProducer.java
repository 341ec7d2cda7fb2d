package dev.mainstay.queue;

import java.util.List;
import java.util.Optional;

/**
 * Adds jobs that depend on each other, to any queues of one store (BullMQ's {@code FlowProducer}).
 * A parent is in the state {@link JobState#WAITING_CHILDREN} until all its children are done. Then
 * it waits as any job does, with its priority, and is delayed before if it has a delay. A child
 * that fails for good is not done, unless its {@link OnFailure} says otherwise. Thread-safe.
 */
public interface FlowProducer {
  /** Jobs that one call adds or finds at most, over all levels. */
  int MAX_JOBS = 20_000;

  /** Children that {@link #find} gives of one job at most. */
  int MAX_CHILDREN = TaskQueue.MAX_PAGE;

  /**
   * Adds all jobs of a flow or none, and wakes workers.
   *
   * <p>A job whose id is there is not added, nor are the jobs below it; if it has no parent that
   * lives, it becomes a child of the flow: one that has completed already counts as done. A job
   * that a {@link Deduplication} refuses is no child of the flow.
   *
   * @throws IllegalArgumentException the flow has more than {@link #MAX_JOBS} jobs; a job with
   *     children has a deduplication; a child has one with {@code keepLastIfActive}
   * @throws IllegalStateException a job that is there has another parent; nothing is added
   */
  FlowNode add(Flow flow);

  /**
   * Adds all jobs of all flows or none, at most {@link #MAX_JOBS}, and wakes workers.
   *
   * @return in the order of the flows
   */
  List<FlowNode> addBulk(List<Flow> flows);

  /**
   * A job with its children, and theirs (BullMQ's {@code getFlow}). Children that have been removed
   * are left out; {@link JobControl#dependencies} still has them.
   *
   * @param depth levels, the job's own included, at least 1
   * @param maxChildren of one job, 1 to {@link #MAX_CHILDREN}
   * @return empty if there is no such job
   * @throws IllegalArgumentException there are more than {@link #MAX_JOBS} within these bounds
   */
  Optional<FlowNode> find(String queue, String id, int depth, int maxChildren);
}
