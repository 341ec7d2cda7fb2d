package dev.mainstay.queue.contract;

import dev.mainstay.queue.Transactions;
import java.util.concurrent.atomic.AtomicInteger;

/** Transactions that can be made to fail, as those of a host that lost its store. */
public final class CuttableTransactions implements Transactions {
  private final Transactions transactions;
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile boolean cut;

  public CuttableTransactions(Transactions transactions) {
    this.transactions = transactions;
  }

  public void cut(boolean value) {
    cut = value;
  }

  public int refusals() {
    return refusals.get();
  }

  @Override
  public <T> T write(Work<T> work) {
    check();
    return transactions.write(work);
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
