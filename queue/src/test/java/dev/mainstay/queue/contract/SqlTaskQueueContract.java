package dev.mainstay.queue.contract;

import java.time.InstantSource;

/** The contract of an engine that can add jobs in the caller's transaction. */
public abstract class SqlTaskQueueContract extends TaskQueueContract
    implements TransactionContract, LostAnswerContract {

  @Override
  protected abstract TransactionalQueueNode open(InstantSource source);

  @Override
  public TransactionalQueueNode node() {
    return (TransactionalQueueNode) super.node();
  }
}
