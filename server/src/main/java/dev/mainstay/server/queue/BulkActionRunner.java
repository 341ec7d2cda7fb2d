package dev.mainstay.server.queue;

import dev.mainstay.queue.DelayedException;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobContext;
import dev.mainstay.queue.JobNotFoundException;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.JobStateException;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Databases;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.ProcessEnd;
import dev.mainstay.server.platform.Tenant;
import dev.mainstay.server.schema.tables.records.BulkActionsRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a bulk action from where its row says it is. It may be killed between any two lines; the
 * next claim goes on, and finds what is done no longer in its list.
 */
final class BulkActionRunner {
  private static final Logger log = LoggerFactory.getLogger(BulkActionRunner.class);

  /** Jobs that are read at once; so many may have their greatest data in memory together. */
  private static final int PAGE = 25;

  /** Jobs that are changed at once. Ordinary requests need connections too. */
  private static final int PARALLEL = 5;

  /** How many active jobs can be canceled by one action. */
  private static final int MAX_ACTIVE = 100_000;

  /** How often it is written how far an action is, and looked whether it was canceled. */
  private static final Duration SAVE = Duration.ofMillis(250);

  /** After this an action gives way to others that wait. */
  private static final Duration TURN = Duration.ofSeconds(10);

  /** When to look again for a database that is away. */
  private static final Duration AWAY = Duration.ofSeconds(2);

  private final Database database;
  private final Queues queues;
  private final BulkActionStore store;
  private final InstantSource clock;

  BulkActionRunner(Database database, Queues queues, BulkActionStore store, InstantSource clock) {
    this.database = database;
    this.queues = queues;
    this.store = store;
    this.clock = clock;
  }

  /**
   * Ends the walk over the jobs: the action was canceled, its queue removed, or it runs elsewhere.
   */
  private static final class OverException extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /** Handles the job of the queue that stands for the action. */
  String handle(Job job, JobContext context) throws Exception {
    try {
      Optional<BulkActionsRecord> row =
          database.write(tx -> store.claim(tx, job.id(), context.token(), clock.instant()));
      if (row.isPresent()) {
        boolean lastAttempt = job.attemptsMade() + 1 >= job.options().attempts();
        Tenant tenant = Tenant.of(row.get().getOrganizationId());
        tenant.<@Nullable Void, Exception>call(
            () -> {
              run(row.get(), lastAttempt, tenant);
              return null;
            });
      }
      return "";
    } catch (RuntimeException e) {
      if (Databases.isAway(e)) {
        throw new DelayedException(clock.instant().plus(AWAY));
      }
      throw e;
    }
  }

  private void run(BulkActionsRecord row, boolean lastAttempt, Tenant tenant) throws Exception {
    TaskQueue queue;
    try {
      queue = queues.open(new QueueName(row.getOrganizationId(), row.getQueue()));
    } catch (ProblemException e) {
      return; // The queue was removed, and the action with it.
    }
    try (Walk walk = new Walk(row, queue, tenant)) {
      walk.run();
    } catch (OverException e) {
      log.debug("Bulk action {} is over, or goes on elsewhere", row.getId());
    } catch (RuntimeException | Error e) {
      ProcessEnd.ifFatal(e);
      if (Databases.isAway(e) || !lastAttempt || Thread.currentThread().isInterrupted()) {
        throw e;
      }
      String incident = Ids.next();
      log.error("Bulk action {} failed, incident {}", row.getId(), incident, e);
      row.setError("The server failed; its log has the reason under incident " + incident);
      boolean unused = finish(row, BulkActionStatus.FAILED);
    }
  }

  private boolean finish(BulkActionsRecord row, BulkActionStatus status) {
    row.setStatus(status.word());
    row.setFinishedAt(clock.instant());
    return database.write(tx -> store.save(tx, row));
  }

  /** One claim's way through the jobs. */
  private final class Walk implements AutoCloseable {
    private final BulkActionsRecord row;
    private final TaskQueue queue;
    private final Tenant tenant;
    private final BulkActionType action;
    private final JobState state;
    private final JobFilter filter;
    private final ExecutorService hands =
        Executors.newFixedThreadPool(PARALLEL, Thread.ofVirtual().name("bulk-", 0).factory());
    private final Instant end = clock.instant().plus(TURN);
    private final AtomicLong changed;

    /** Jobs that were looked at and left as they are. */
    private long left;

    private Instant saved = clock.instant();

    Walk(BulkActionsRecord row, TaskQueue queue, Tenant tenant) {
      this.row = row;
      this.queue = queue;
      this.tenant = tenant;
      this.action = BulkActionType.of(row.getAction());
      this.state = JobStateName.find(row.getState()).orElseThrow().state();
      this.filter =
          JobFilter.of(Optional.ofNullable(row.getName()), Optional.ofNullable(row.getText()));
      this.changed = new AtomicLong(row.getChanged());
      this.left = row.getScanned() - row.getChanged();
    }

    void run() throws InterruptedException, OverException, DelayedException {
      if (row.getTotal() == null) {
        row.setTotal(queue.counts().getOrDefault(state, 0L));
        save();
      }
      try {
        if (state == JobState.ACTIVE) {
          overActive();
        } else {
          overList();
        }
      } catch (InterruptedException e) {
        // The server stops; what is done is counted.
        save();
        throw e;
      }
      count();
      boolean unused = finish(row, BulkActionStatus.COMPLETED);
    }

    /**
     * What is changed leaves the list, and where it was others move up. So a page is read again
     * from the same place until nothing of it changes.
     */
    private void overList() throws InterruptedException, OverException, DelayedException {
      boolean more = true;
      while (more) {
        Page<Job> page = queue.list(state, Optional.ofNullable(row.getPlace()), PAGE);
        List<String> matching = matching(page.items());
        if (change(matching) == 0) {
          left += page.items().size();
          row.setSkipped(row.getSkipped() + matching.size());
          row.setPlace(page.next().orElse(null));
          more = page.next().isPresent();
        }
        pause(more);
      }
    }

    /** Active jobs stay in the list until their workers have heard. */
    private void overActive() throws InterruptedException, OverException {
      List<String> found = new ArrayList<>();
      Optional<String> place = Optional.empty();
      do {
        Page<Job> page = queue.list(state, place, PAGE);
        List<String> matching = matching(page.items());
        found.addAll(matching);
        left += page.items().size() - matching.size();
        place = page.next();
      } while (place.isPresent() && found.size() < MAX_ACTIVE);
      for (int from = 0; from < found.size(); from += PAGE) {
        List<String> part = found.subList(from, Math.min(from + PAGE, found.size()));
        int skipped = part.size() - change(part);
        left += skipped;
        row.setSkipped(row.getSkipped() + skipped);
        saveNowAndThen();
      }
    }

    private List<String> matching(List<Job> jobs) {
      return jobs.stream()
          .filter(job -> wasThere(job) && filter.matches(job))
          .map(Job::id)
          .toList();
    }

    /** True if the job was in this state, or on its way there, when the action was made. */
    private boolean wasThere(Job job) {
      Instant made = row.getCreatedAt();
      return state.finished()
          ? job.finishedAt().filter(made::isBefore).isEmpty()
          : !job.createdAt().isAfter(made) && job.processedAt().filter(made::isBefore).isEmpty();
    }

    /** Returns how many it has changed; the others are in another state by now. */
    private int change(List<String> ids) throws InterruptedException {
      String reason = Objects.requireNonNullElse(row.getReason(), "");
      List<Callable<Boolean>> acts =
          ids.stream()
              .<Callable<Boolean>>map(
                  id -> () -> tenant.<Boolean, RuntimeException>call(() -> change(id, reason)))
              .toList();
      int count = 0;
      for (Future<Boolean> act : hands.invokeAll(acts)) {
        count += done(act) ? 1 : 0;
      }
      return count;
    }

    private boolean change(String id, String reason) {
      try {
        action.apply(queue, id, reason);
        changed.incrementAndGet();
        return true;
      } catch (JobNotFoundException | JobStateException e) {
        return false;
      }
    }

    private static boolean done(Future<Boolean> act) throws InterruptedException {
      try {
        return act.get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof RuntimeException failure) {
          throw failure;
        }
        throw new IllegalStateException(e.getCause());
      }
    }

    private void pause(boolean more) throws OverException, DelayedException {
      saveNowAndThen();
      if (more && clock.instant().isAfter(end)) {
        save();
        throw new DelayedException(clock.instant());
      }
    }

    private void saveNowAndThen() throws OverException {
      if (clock.instant().isAfter(saved.plus(SAVE))) {
        save();
      }
    }

    private void count() {
      row.setChanged(changed.get());
      row.setScanned(left + row.getChanged());
    }

    private void save() throws OverException {
      count();
      if (!database.write(tx -> store.save(tx, row))) {
        throw new OverException();
      }
      saved = clock.instant();
    }

    @Override
    public void close() {
      hands.shutdownNow();
      hands.close();
    }
  }
}
