package dev.mainstay.queue.contract;

import dev.mainstay.queue.Transactions;
import java.util.concurrent.atomic.AtomicInteger;

/** Transactions that can be made to fail, as those of a host that lost its store. */
public final class CuttableTransactions implements Transactions {
  private final Transactions transactions;
  private final AtomicInteger refusals = new AtomicInteger();
  private final AtomicInteger left = new AtomicInteger();
  private volatile boolean cut;

  public CuttableTransactions(Transactions transactions) {
    this.transactions = transactions;
  }

  public void cut(boolean value) {
    cut = value;
  }

  /** Lets so many writes through, and makes every call fail from then on. */
  public void cutAfter(int writes) {
    left.set(writes);
    cut = false;
  }

  public int refusals() {
    return refusals.get();
  }

  @Override
  public <T> T write(Work<T> work) {
    check();
    T result = transactions.write(work);
    if (left.decrementAndGet() == 0) {
      cut = true;
    }
    return result;
  }

  @Override
  public <T> T read(Work<T> work) {
    check();
    return transactions.read(work);
  }

  private void check() {
    if (cut) {
      refusals.incrementAndGet();
      throw new IllegalStateException("The store is cut off");
    }
  }
}
