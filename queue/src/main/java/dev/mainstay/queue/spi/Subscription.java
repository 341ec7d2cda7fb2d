package dev.mainstay.queue.spi;

/** Ends what it stands for when it is closed. */
@FunctionalInterface
public interface Subscription extends AutoCloseable {

  @Override
  void close();
}
