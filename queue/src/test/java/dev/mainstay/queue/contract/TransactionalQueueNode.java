package dev.mainstay.queue.contract;

import dev.mainstay.queue.TransactionalFlowProducer;
import dev.mainstay.queue.TransactionalTaskQueue;
import dev.mainstay.queue.Transactions;

/** A node on a store where jobs can be added in the caller's transaction. */
public interface TransactionalQueueNode extends QueueNode {

  @Override
  TransactionalTaskQueue queue();

  @Override
  TransactionalFlowProducer flowProducer();

  /** For callers' own transactions. */
  Transactions transactions();
}
