package dev.mainstay.queue.sql;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobNotFoundException;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.JobStateException;
import dev.mainstay.queue.Limits;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.UnsupportedFeatureException;
import dev.mainstay.queue.runtime.StoreTaskQueue;
import dev.mainstay.queue.spi.FlowJob;
import dev.mainstay.queue.spi.FlowStore;
import dev.mainstay.queue.sql.OutboxTable.Entry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins rows of a database with jobs of queues in another store (a transactional outbox): what is
 * to be done there is written with the rows, in one transaction, and done by a thread soon after
 * the commit, as often as it takes. Entries of one queue are done in the order in which they were
 * put, as far as their transactions were committed in it; delays count from when they were put.
 * Several processes may share the table.
 *
 * <p>A job has the id that its entry gives it, so one that is added a second time, because the
 * process died before it could say that it had added it, is there already. Only if that job has
 * finished and been removed by then, within {@link #CLAIM}, it runs again.
 */
public final class Outbox implements AutoCloseable {
  /** For so long nobody else does what a process has taken; longer than any call takes. */
  private static final Duration CLAIM = Duration.ofSeconds(60);

  private static final Duration POLL = Duration.ofSeconds(2);
  private static final Duration MAX_RETRY = Duration.ofSeconds(2);
  private static final Duration MIN_RETRY = Duration.ofMillis(50);
  private static final Duration END = Duration.ofSeconds(15);
  private static final Duration SETTLE = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(5);
  private static final int BATCH = 500;
  private static final Logger LOG = LoggerFactory.getLogger(Outbox.class);

  private final Transactions transactions;
  private final InstantSource clock;
  private final Function<String, StoreTaskQueue> queues;
  private final FlowStore flows;
  private final OutboxTable table;
  private final Thread relay;

  /** The monitor of this object protects these two. */
  private boolean signaled = true;

  private boolean closed;

  /**
   * Starts the thread.
   *
   * @param queues gives the queue of a name, which must be thread-safe; its failures are taken for
   *     its store's, and the entry is tried again
   * @param flows all of these queues
   */
  public Outbox(
      Transactions transactions,
      Dialect dialect,
      InstantSource clock,
      Function<String, StoreTaskQueue> queues,
      FlowStore flows) {
    this.transactions = transactions;
    this.clock = clock;
    this.queues = queues;
    this.flows = flows;
    this.table = new OutboxTable(dialect);
    this.relay = Thread.ofPlatform().daemon().name("outbox of queues").start(this::run);
  }

  /** True if all that was ever put is done. */
  public static boolean isEmpty(Transactions transactions) {
    return transactions.read(OutboxTable::isEmpty);
  }

  /**
   * Has jobs added once the transaction is committed.
   *
   * @param requests each with an id
   * @param now when they are accepted
   */
  void add(Connection transaction, String queue, List<JobRequest> requests, Instant now) {
    try {
      for (JobRequest request : requests) {
        OutboxTable.add(transaction, queue, request, List.of(), now);
      }
    } catch (SQLException e) {
      throw new StoreException("The outbox could not be changed", e);
    }
  }

  /**
   * Has flows added once the transaction is committed, all or none.
   *
   * @param jobs those of the flows, of which the first is the top of one
   */
  void addFlow(Connection transaction, List<FlowJob> jobs, Instant now) {
    FlowJob first = jobs.getFirst();
    try {
      OutboxTable.add(transaction, first.queue(), first.request(), jobs, now);
    } catch (SQLException e) {
      throw new StoreException("The outbox could not be changed", e);
    }
  }

  /** Has a job removed once the transaction is committed, unless it has started by then. */
  void remove(Connection transaction, String queue, String id) {
    Limits.name("id", id);
    try {
      OutboxTable.remove(transaction, queue, id, clock.instant());
    } catch (SQLException e) {
      throw new StoreException("The outbox could not be changed", e);
    }
  }

  /** A job that is still to be added. */
  Optional<Entry> find(String queue, String id) {
    return transactions.read(connection -> OutboxTable.find(connection, queue, id));
  }

  /**
   * Waits until all that was put for a queue is done there.
   *
   * @return false if it is not within {@link #SETTLE}
   */
  boolean settle(String queue) {
    long until = System.nanoTime() + SETTLE.toNanos();
    while (transactions.read(connection -> OutboxTable.any(connection, queue))) {
      if (until - System.nanoTime() < 0) {
        return false;
      }
      signal();
      LockSupport.parkNanos(LOOK.toNanos());
    }
    return true;
  }

  /** There may be something to do. */
  synchronized void signal() {
    signaled = true;
    notifyAll();
  }

  private void run() {
    Duration retry = MIN_RETRY;
    Duration wait = Duration.ZERO;
    while (await(wait)) {
      try {
        wait = relay() ? Duration.ZERO : untilNext();
        retry = MIN_RETRY;
      } catch (RuntimeException | Error e) {
        // Nothing may end this thread: what was acknowledged waits for it.
        LOG.warn(
            "Jobs in the outbox must wait, trying again in {} ms: {}",
            retry.toMillis(),
            e.toString());
        LOG.debug("Why they must", e);
        wait = retry;
        retry = retry.multipliedBy(2).compareTo(MAX_RETRY) < 0 ? retry.multipliedBy(2) : MAX_RETRY;
      }
    }
  }

  /**
   * @return false once this is closed
   */
  private synchronized boolean await(Duration wait) {
    long until = System.nanoTime() + wait.toNanos();
    try {
      while (!closed && !signaled && until - System.nanoTime() > 0) {
        TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
      }
    } catch (InterruptedException e) {
      // Only close() ends it.
    }
    signaled = false;
    return !closed;
  }

  private Duration untilNext() {
    long free = transactions.read(OutboxTable::nextFree);
    if (free == Long.MAX_VALUE) {
      return POLL;
    }
    return Duration.ofMillis(Math.clamp(free - clock.millis(), 0L, POLL.toMillis()));
  }

  /**
   * Does what there is, up to a batch.
   *
   * @return false if there was nothing
   */
  private boolean relay() {
    Instant now = clock.instant();
    List<Entry> entries =
        transactions.write(connection -> table.claim(connection, now, now.plus(CLAIM), BATCH));
    RuntimeException failure = null;
    List<Entry> done = new ArrayList<>();
    for (Deque<List<Entry>> runs = runs(entries); !runs.isEmpty() && !away(failure); ) {
      List<Entry> run = runs.remove();
      try {
        relay(run);
        done.addAll(run);
      } catch (RuntimeException e) {
        failure = e;
        if (!away(e) && run.size() > 1) {
          // One that the queue does not take must not keep the others.
          run.reversed().forEach(entry -> runs.addFirst(List.of(entry)));
        }
      }
    }
    if (!done.isEmpty()) {
      transactions.write(connection -> OutboxTable.done(connection, done));
    }
    if (failure != null) {
      giveBack(entries.stream().filter(entry -> !done.contains(entry)).toList());
      throw failure;
    }
    return !entries.isEmpty();
  }

  /** Whether a failure is the store's, which has none of the other entries now either. */
  private static boolean away(@Nullable RuntimeException failure) {
    return failure != null
        && !(failure instanceof IllegalArgumentException)
        && !(failure instanceof UnsupportedFeatureException);
  }

  /** Entries that one call can do: additions of one moment to one queue, or one removal. */
  private static Deque<List<Entry>> runs(List<Entry> entries) {
    Deque<List<Entry>> runs = new ArrayDeque<>();
    Entry last = null;
    for (Entry entry : entries) {
      boolean joins =
          last != null
              && last.queue().equals(entry.queue())
              && last.adds()
              && entry.adds()
              && last.addedAt().equals(entry.addedAt());
      if (!joins) {
        runs.add(new ArrayList<>());
      }
      runs.getLast().add(entry);
      last = entry;
    }
    return runs;
  }

  private void relay(List<Entry> run) {
    Entry first = run.getFirst();
    if (first.addsFlow()) {
      addFlow(first);
      return;
    }
    StoreTaskQueue queue = queues.apply(first.queue());
    if (first.adds()) {
      queue.addBulk(run.stream().map(Entry::request).toList(), first.addedAt());
    } else {
      removeUnstarted(queue, first.id());
    }
  }

  private void addFlow(Entry entry) {
    try {
      List<Optional<Job>> unused = flows.add(entry.jobs(), entry.addedAt());
    } catch (IllegalStateException e) {
      // A job of it has another parent: that is not the store's failure.
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  private static void removeUnstarted(TaskQueue queue, String id) {
    boolean unstarted =
        queue
            .find(id)
            .filter(job -> job.state() == JobState.WAITING || job.state() == JobState.DELAYED)
            .isPresent();
    try {
      if (unstarted) {
        queue.remove(id);
      }
    } catch (JobNotFoundException | JobStateException e) {
      // It has started or gone meanwhile.
    }
  }

  private void giveBack(List<Entry> entries) {
    try {
      transactions.write(connection -> OutboxTable.free(connection, entries));
    } catch (RuntimeException e) {
      LOG.debug("They are free again when their claim ends", e);
    }
  }

  /** Ends the thread after what it does now. Idempotent. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    boolean interrupted = false;
    long until = System.nanoTime() + END.toNanos();
    while (relay.isAlive() && until - System.nanoTime() > 0) {
      try {
        relay.join(Duration.ofNanos(Math.max(1, until - System.nanoTime())));
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
