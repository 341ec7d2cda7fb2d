package dev.mainstay.queue.sql;

import dev.mainstay.queue.spi.Subscription;

/**
 * Reaches every queue of a name in this process, whatever database it is on: who hears of another
 * one's jobs looks once and finds nothing.
 */
final class LocalSignals implements Signals {
  private final Listeners listeners = new Listeners();

  @Override
  public void send(String queue) {
    listeners.tell(queue);
  }

  @Override
  public Subscription listen(String queue, Runnable heard) {
    return listeners.add(queue, heard);
  }

  /** The subscriptions are others'. */
  @Override
  public void close() {}
}
