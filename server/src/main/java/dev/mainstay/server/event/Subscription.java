package dev.mainstay.server.event;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The bounded buffer between the hub and one reader. When it is full, deltas go first; when stored
 * events do not fit either, they go too and the reader is told that it is behind: it finds them in
 * the log.
 */
final class Subscription implements AutoCloseable {
  static final int CAPACITY = 512;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  // Guarded by lock, as are the flags and the action.
  private final ArrayDeque<Event> buffer = new ArrayDeque<>();
  private boolean behind;
  private boolean ended;
  private Runnable closeAction;

  Subscription(Runnable closeAction) {
    this.closeAction = closeAction;
  }

  void onClose(Runnable action) {
    lock.lock();
    try {
      closeAction = action;
    } finally {
      lock.unlock();
    }
  }

  void offer(Event event) {
    lock.lock();
    try {
      if (buffer.size() >= CAPACITY) {
        if (!event.stored()) {
          return;
        }
        buffer.removeIf(buffered -> !buffered.stored());
        if (buffer.size() >= CAPACITY) {
          buffer.clear();
          behind = true;
        }
      }
      if (!behind) {
        buffer.add(event);
      }
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Sends the reader to the log; what is buffered it finds there too. */
  void behind() {
    lock.lock();
    try {
      behind = true;
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  void end() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** What a reader learns by waiting. */
  sealed interface Signal {
    /** The next event or delta. */
    record Next(Event event) implements Signal {}

    /** Events were dropped: read the log from your position. */
    record Behind() implements Signal {}

    /** No more will come from this process. */
    record Ended() implements Signal {}
  }

  /** Waits for the next signal; empty if there is none in that time. */
  Optional<Signal> await(Duration timeout) throws InterruptedException {
    long nanos = timeout.toNanos();
    lock.lockInterruptibly();
    try {
      while (true) {
        if (behind) {
          behind = false;
          return Optional.of(new Signal.Behind());
        }
        Event event = buffer.poll();
        if (event != null) {
          return Optional.of(new Signal.Next(event));
        }
        if (ended) {
          return Optional.of(new Signal.Ended());
        }
        if (nanos <= 0) {
          return Optional.empty();
        }
        nanos = changed.awaitNanos(nanos);
      }
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    Runnable action;
    lock.lock();
    try {
      action = closeAction;
    } finally {
      lock.unlock();
    }
    action.run();
  }
}
