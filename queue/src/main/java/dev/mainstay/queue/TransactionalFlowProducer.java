package dev.mainstay.queue;

import java.sql.Connection;
import java.util.List;

/** Adds flows with the rows of the caller that they are about. */
public interface TransactionalFlowProducer extends FlowProducer {

  /**
   * Adds a flow as part of the caller's transaction: it exists if and when that commits. The caller
   * calls {@link #wake} after the commit; without it the jobs are found at the next poll.
   */
  default FlowNode add(Connection transaction, Flow flow) {
    return addBulk(transaction, List.of(flow)).getFirst();
  }

  /** As {@link #add(Connection, Flow)}, for at most {@link #MAX_JOBS} jobs. */
  List<FlowNode> addBulk(Connection transaction, List<Flow> flows);

  /** Tells the workers of every queue in which these flows have jobs. */
  void wake(List<FlowNode> flows);
}
