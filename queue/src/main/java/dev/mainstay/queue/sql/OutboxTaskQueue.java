package dev.mainstay.queue.sql;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.Limits;
import dev.mainstay.queue.TransactionalTaskQueue;
import dev.mainstay.queue.runtime.StoreTaskQueue;
import dev.mainstay.queue.spi.JobIds;
import dev.mainstay.queue.spi.QueueStore;
import java.sql.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * A queue in a store without the caller's transactions, such as Redis, whose jobs can all the same
 * come and go with the rows that they are about: through an {@link Outbox}. What a transaction adds
 * or removes is in the queue moments after the commit, or as soon as the store is there again.
 *
 * <p>So it is not known yet whether an id or a deduplication id is taken: {@link #add(Connection,
 * JobRequest)} returns the job as if it were not, and {@link #removeUnstarted} returns true.
 */
public final class OutboxTaskQueue extends StoreTaskQueue implements TransactionalTaskQueue {
  private final QueueStore store;
  private final Outbox outbox;
  private final InstantSource clock;

  /**
   * @param outbox gives the queue of this name
   */
  public OutboxTaskQueue(QueueStore store, Outbox outbox, InstantSource clock) {
    super(store, clock);
    this.store = store;
    this.outbox = outbox;
    this.clock = clock;
  }

  @Override
  public List<Job> addBulk(Connection transaction, List<JobRequest> requests) {
    Limits.range("The number of jobs", requests.size(), 0, MAX_BULK);
    requests.forEach(store::check);
    Instant now = clock.instant();
    List<JobRequest> named = requests.stream().map(request -> named(request, now)).toList();
    outbox.add(transaction, name(), named, now);
    return named.stream()
        .map(request -> Job.added(request, request.options().id().orElseThrow(), now))
        .toList();
  }

  private static JobRequest named(JobRequest request, Instant now) {
    return request.options().id().isPresent()
        ? request
        : request.with(options -> options.id(JobIds.next(now)));
  }

  @Override
  public boolean removeUnstarted(Connection transaction, String id) {
    outbox.remove(transaction, name(), id);
    return true;
  }

  /**
   * Jobs that are on their way are removed too.
   *
   * @throws IllegalStateException also if they do not arrive
   */
  @Override
  public void obliterate(boolean force) {
    if (!outbox.settle(name())) {
      throw new IllegalStateException(
          "Jobs that were added to it have not reached its store; try again later");
    }
    super.obliterate(force);
  }

  @Override
  public int drain(boolean delayed) {
    boolean unused = outbox.settle(name());
    return super.drain(delayed);
  }

  @Override
  public void wake() {
    super.wake();
    outbox.signal();
  }

  /** Also a job that is still on its way. */
  @Override
  public Optional<Job> find(String id) {
    return super.find(id)
        .or(() -> outbox.find(name(), id).map(OutboxTable.Entry::job))
        // It may have arrived between the two looks.
        .or(() -> super.find(id));
  }
}
