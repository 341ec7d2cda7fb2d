package dev.mainstay.queue.redis;

import dev.mainstay.queue.spi.Subscription;
import io.lettuce.core.KeyValue;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.ScoredValue;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Waits on a connection of its own for the marker that BullMQ's scripts leave when there may be a
 * job ({@code BZPOPMIN}). Who takes the marker has to ask for a job next, so it is waited for only
 * while a worker here is free, and put back if meanwhile none is.
 */
final class Markers implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Markers.class);

  /** How long Redis is asked to wait; BullMQ's bound. */
  private static final long BLOCK_SECONDS = 10;

  /** Redis should have answered by then; the connection is given up. */
  private static final Duration WATCHDOG = Duration.ofSeconds(BLOCK_SECONDS + 5);

  private static final Duration RETRY = Duration.ofMillis(500);

  private final QueueLink link;
  private final String name;
  private final String clientName;
  private final byte[] marker;
  private final Runnable heard;
  private final BooleanSupplier idle;
  private final Thread thread;

  /** Guarded by this. */
  private boolean wanted;

  private boolean closed;
  private @Nullable StatefulRedisConnection<byte[], byte[]> connection;

  /** Set when a marker was taken, until a worker asks. */
  private volatile boolean taken;

  /**
   * @param workerId of a worker here, by which others know the connection
   */
  Markers(QueueLink link, String queue, String workerId, Runnable heard, BooleanSupplier idle) {
    this.link = link;
    this.heard = heard;
    this.idle = idle;
    marker = Utf8.bytes(link.keys().key("marker"));
    thread =
        Thread.ofPlatform().daemon().name("queue %s, markers".formatted(queue)).unstarted(this);
    name = queue;
    clientName = new ClientNames(link).ours(workerId);
  }

  Subscription start() {
    thread.start();
    return this::close;
  }

  /** A worker has found nothing, and would take a job. */
  synchronized void want() {
    wanted = true;
    notifyAll();
  }

  /** True once after a marker was taken: there may be a job, without a look. */
  boolean take() {
    boolean was = taken;
    taken = false;
    return was;
  }

  @Override
  public void run() {
    connectEarly();
    while (awaitWanted()) {
      try {
        KeyValue<byte[], ScoredValue<byte[]>> popped = pop();
        if (popped != null && popped.hasValue()) {
          hand();
        }
      } catch (RuntimeException | Error e) {
        // Nothing may end this thread but its last worker.
        retry(e);
      }
    }
    disconnect();
  }

  /** The connection shows to others that there is a worker, busy or not. */
  private void connectEarly() {
    try {
      connected();
    } catch (RuntimeException | Error e) {
      retry(e);
    }
  }

  private synchronized boolean awaitWanted() {
    while (!closed && !wanted) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Only close() ends this thread.
      }
    }
    return !closed;
  }

  private synchronized void retry(Throwable error) {
    if (closed) {
      return;
    }
    LOG.warn("queue {}: cannot wait for jobs, trying again: {}", name, error.toString());
    long until = System.nanoTime() + RETRY.toNanos();
    while (!closed && until - System.nanoTime() > 0) {
      try {
        TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
      } catch (InterruptedException e) {
        // Only close() ends this thread.
      }
    }
  }

  /** Tells the workers, or others if there is no free one here any more. */
  private void hand() {
    synchronized (this) {
      wanted = false;
    }
    if (idle.getAsBoolean()) {
      taken = true;
      heard.run();
    } else {
      link.connections().await(link.connections().commands().zadd(marker, 0, Utf8.bytes("0")));
    }
  }

  private @Nullable KeyValue<byte[], ScoredValue<byte[]>> pop() {
    StatefulRedisConnection<byte[], byte[]> open = connected();
    if (open == null) {
      return null;
    }
    RedisFuture<KeyValue<byte[], ScoredValue<byte[]>>> answer =
        open.async().bzpopmin(BLOCK_SECONDS, marker);
    try {
      return answer.get(WATCHDOG.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      disconnect();
      throw new RedisException("Redis has not answered a blocking command", e);
    } catch (ExecutionException | CancellationException e) {
      disconnect();
      throw new RedisException("The blocking connection was lost", e);
    } catch (InterruptedException e) {
      return null;
    }
  }

  private @Nullable StatefulRedisConnection<byte[], byte[]> connected() {
    synchronized (this) {
      if (closed || connection != null) {
        return connection;
      }
    }
    StatefulRedisConnection<byte[], byte[]> fresh = link.connections().connect();
    link.connections().await(fresh.async().clientSetname(Utf8.bytes(clientName)));
    synchronized (this) {
      if (!closed) {
        connection = fresh;
        return fresh;
      }
    }
    fresh.close();
    return null;
  }

  private void disconnect() {
    StatefulRedisConnection<byte[], byte[]> old;
    synchronized (this) {
      old = connection;
      connection = null;
    }
    if (old != null) {
      old.close();
    }
  }

  /** Ends the wait: Redis lets go of a client whose connection is closed. */
  private void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    disconnect();
    boolean interrupted = Thread.interrupted();
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
