package dev.mainstay.queue.runtime;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.DependencyState;
import dev.mainstay.queue.EventControl;
import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobGroup;
import dev.mainstay.queue.JobHandler;
import dev.mainstay.queue.JobNotFoundException;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobScheduler;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.JobStateException;
import dev.mainstay.queue.Limits;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.QueueEvents;
import dev.mainstay.queue.QueueMetrics;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.Schedule;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerInfo;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.spi.Change;
import dev.mainstay.queue.spi.QueueStore;
import dev.mainstay.queue.spi.Settings;
import dev.mainstay.queue.spi.StoredScheduler;
import dev.mainstay.queue.spi.Subscription;
import dev.mainstay.queue.spi.Target;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntSupplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A queue on any store: checks what comes in, and runs the workers. */
public class StoreTaskQueue implements TaskQueue {
  private static final Logger LOG = LoggerFactory.getLogger(StoreTaskQueue.class);
  private static final String UNFINISHED = "Only one that waits or is delayed can be changed so.";

  /** How often jobs that others are changing or adding are looked for again. */
  private static final int MAX_TRIES = 100;

  private static final Duration RETRY = Duration.ofMillis(10);

  private final QueueStore store;
  private final InstantSource clock;
  private final List<StoreWorker> workers = new CopyOnWriteArrayList<>();
  private final EventPump pump;
  private final AtomicInteger added = new AtomicInteger();

  /** Open while there are workers. */
  private @Nullable Subscription hearing;

  /**
   * @param clock decides when jobs are due and when leases end; hosts that share a queue need
   *     clocks that agree to well within a lease
   */
  public StoreTaskQueue(QueueStore store, InstantSource clock) {
    Limits.name("The name of the queue", store.queue());
    this.store = store;
    this.clock = clock;
    this.pump = new EventPump(store);
  }

  @Override
  public String name() {
    return store.queue();
  }

  @Override
  public Job add(JobRequest request) {
    return addBulk(List.of(request)).getFirst();
  }

  /**
   * Whether the store can have such a job.
   *
   * @throws IllegalArgumentException it has an id that the store cannot have
   * @throws dev.mainstay.queue.UnsupportedFeatureException it wants what the store cannot do
   */
  public void check(JobRequest request) {
    store.check(request);
  }

  @Override
  public List<Job> addBulk(List<JobRequest> requests) {
    return addBulk(requests, clock.instant());
  }

  /**
   * As {@link #addBulk(List)}, for jobs that were accepted before.
   *
   * @param acceptedAt from then on their delays count; it is when they are said to be created
   */
  public List<Job> addBulk(List<JobRequest> requests, Instant acceptedAt) {
    Limits.range("The number of jobs", requests.size(), 0, MAX_BULK);
    List<Job> jobs = requests.isEmpty() ? List.of() : store.add(requests, acceptedAt);
    wake();
    pruneEvents(requests.size());
    return jobs;
  }

  /** A queue that nobody works on has no worker that removes its events. */
  private void pruneEvents(int more) {
    if (added.addAndGet(more) >= EventControl.KEPT_EVENTS / 10) {
      added.set(0);
      try {
        all(store::pruneEvents);
      } catch (RuntimeException e) {
        // What was added is added.
        LOG.warn("queue {}: old events could not be removed: {}", name(), e.getMessage());
      }
    }
  }

  @Override
  public QueueEvents events(String cursor, int limit, Duration wait) throws InterruptedException {
    Limits.range("limit", limit, 1, MAX_PAGE);
    Limits.range("wait", wait, Duration.ZERO, EventControl.MAX_WAIT);
    long deadline = System.nanoTime() + wait.toNanos();
    QueueEvents events = store.events(cursor, limit);
    if (!events.items().isEmpty() || events.gap() || wait.isZero()) {
      return events;
    }
    try (EventPump.Waiter waiter = pump.waiter(null)) {
      while (events.items().isEmpty() && !events.gap() && waiter.await(deadline)) {
        events = store.events(events.next(), limit);
      }
    }
    return events;
  }

  @Override
  public Optional<Job> awaitFinished(String id, Duration timeout)
      throws InterruptedException, TimeoutException {
    Limits.range("timeout", timeout, Duration.ZERO, JobOptions.MAX_DELAY);
    long deadline = System.nanoTime() + timeout.toNanos();
    Optional<Job> job = store.find(id);
    if (job.isEmpty() || job.get().state().finished()) {
      return job;
    }
    try (EventPump.Waiter waiter = pump.waiter(id)) {
      while (waiter.await(deadline)) {
        job = store.find(id);
        if (job.isEmpty() || job.get().state().finished()) {
          return job;
        }
      }
    }
    throw new TimeoutException("Job %s has not finished in %s".formatted(id, timeout));
  }

  @Override
  public void wake() {
    workers.forEach(StoreWorker::wake);
    store.signal();
  }

  @Override
  public Optional<Job> find(String id) {
    return store.find(id);
  }

  @Override
  public Worker work(WorkerOptions options, JobHandler handler) {
    StoreWorker worker = new StoreWorker(store, clock, options, handler, this::closed);
    opened(worker);
    worker.start();
    return worker;
  }

  private synchronized void opened(StoreWorker worker) {
    workers.add(worker);
    if (hearing == null) {
      hearing =
          store.listen(
              worker.id(),
              () -> workers.forEach(StoreWorker::hear),
              () -> workers.stream().anyMatch(StoreWorker::idle));
    }
  }

  private synchronized void closed(StoreWorker worker) {
    workers.remove(worker);
    if (workers.isEmpty() && hearing != null) {
      hearing.close();
      hearing = null;
    }
  }

  @Override
  public int takeOver(String workerId) {
    int count = store.takeOver(workerId, clock.instant());
    wake();
    return count;
  }

  @Override
  public void remove(String id) {
    Change change = store.remove(id, clock.instant());
    boolean active = change.found().filter(JobState.ACTIVE::equals).isPresent();
    require(
        id,
        change,
        active
            ? "An active job cannot be removed; cancel it first."
            : "A child that it waits for is active; cancel that first.");
  }

  @Override
  public JobState cancel(String id, String reason) {
    String failedReason = reason.isBlank() ? "canceled" : "canceled: " + reason;
    Change change =
        store.cancel(id, Limits.cut(failedReason, MAX_FAILED_REASON_BYTES), clock.instant());
    JobState found = require(id, change, "It is over already.");
    return found == JobState.ACTIVE ? JobState.ACTIVE : JobState.FAILED;
  }

  @Override
  public void retry(String id) {
    require(
        id, store.retry(id, clock.instant()), "Only a failed or completed job can be tried again.");
    wake();
  }

  @Override
  public void promote(String id) {
    require(id, store.promote(id, clock.instant()), "Only a delayed job can be promoted.");
    wake();
  }

  @Override
  public void changeDelay(String id, Duration delay) {
    Limits.range("delay", delay, Duration.ZERO, JobOptions.MAX_DELAY);
    Instant now = clock.instant();
    require(
        id,
        store.changeDelay(id, now.plus(delay), now),
        "Only a delayed job can be given another delay.");
    wake();
  }

  @Override
  public void changePriority(String id, int priority, boolean lifo) {
    Limits.range("priority", priority, 0, JobOptions.MAX_PRIORITY);
    require(id, store.changePriority(id, priority, lifo), UNFINISHED);
  }

  @Override
  public void updateData(String id, String data) {
    Limits.bytes("data", data, MAX_DATA_BYTES);
    require(id, store.updateData(Target.job(id), data), UNFINISHED);
  }

  @Override
  public void updateProgress(String id, String progress) {
    Limits.bytes("progress", progress, MAX_PROGRESS_BYTES);
    require(id, store.updateProgress(Target.job(id), progress, clock.instant()), UNFINISHED);
  }

  @Override
  public void log(String id, String line) {
    String cut = Limits.cut(line, MAX_LOG_LINE_BYTES);
    require(id, store.log(Target.job(id), cut, clock.instant()), UNFINISHED);
  }

  @Override
  public List<String> logs(String id, int offset, int limit) {
    Limits.range("offset", offset, 0, Integer.MAX_VALUE);
    Limits.range("limit", limit, 1, MAX_PAGE);
    return store.logs(id, offset, limit);
  }

  @Override
  public Page<Dependency> dependencies(String id, Optional<String> cursor, int limit) {
    Limits.range("limit", limit, 1, MAX_PAGE);
    return store.dependencies(id, cursor, limit);
  }

  @Override
  public Map<DependencyState, Long> countDependencies(String id) {
    return store.countDependencies(id);
  }

  /**
   * @return the state in which the job was found
   */
  private static JobState require(String id, Change change, String rule) {
    JobState found = change.found().orElseThrow(() -> new JobNotFoundException(id));
    if (!change.done()) {
      throw new JobStateException(id, found, rule);
    }
    return found;
  }

  @Override
  public Map<JobState, Long> counts() {
    return store.counts();
  }

  @Override
  public Page<Job> list(JobState state, Optional<String> cursor, int limit) {
    Limits.range("limit", limit, 1, MAX_PAGE);
    return store.list(state, cursor, limit);
  }

  @Override
  public List<QueueMetrics> metrics(Instant from, Instant to) {
    return store.metrics(from, to);
  }

  @Override
  public Page<WorkerInfo> workers(Optional<String> cursor, int limit) {
    Limits.range("limit", limit, 1, MAX_PAGE);
    return store.workers(cursor, limit, clock.instant());
  }

  @Override
  public void pause() {
    configure(settings -> settings.withPaused(true));
  }

  private void configure(UnaryOperator<Settings> change) {
    store.configure(change, clock.instant());
  }

  @Override
  public void resume() {
    configure(settings -> settings.withPaused(false));
    wake();
  }

  @Override
  public boolean paused() {
    return store.settings().paused();
  }

  @Override
  public void setConcurrency(OptionalInt limit) {
    limit.ifPresent(value -> Limits.range("concurrency", value, 1, Integer.MAX_VALUE));
    configure(settings -> settings.withConcurrency(limit));
    wake();
  }

  @Override
  public OptionalInt concurrency() {
    return store.settings().concurrency();
  }

  @Override
  public void setRateLimit(Optional<RateLimit> limit) {
    configure(settings -> settings.withRate(limit));
    wake();
  }

  @Override
  public Optional<RateLimit> rateLimit() {
    return store.settings().rate();
  }

  @Override
  public void setUnitLimit(Optional<RateLimit> limit) {
    configure(settings -> settings.withUnits(limit));
    wake();
  }

  @Override
  public Optional<RateLimit> unitLimit() {
    return store.settings().units();
  }

  @Override
  public JobScheduler upsertScheduler(String id, Schedule schedule, JobRequest template) {
    Limits.name("scheduler id", id);
    Limits.range("The length of the scheduler id", id.length(), 1, StoredScheduler.maxIdLength());
    JobOptions options = template.options();
    if (options.id().isPresent()
        || !options.delay().isZero()
        || options.deduplication().isPresent()) {
      throw new IllegalArgumentException(
          "A scheduler's template has no id, no delay and no deduplication");
    }
    Instant now = clock.instant();
    Instant latest = now.plus(JobOptions.MAX_DELAY);
    if (schedule.startAt().filter(latest::isBefore).isPresent()) {
      // The next job is always there, and no job is delayed for longer.
      throw new IllegalArgumentException(
          "The start of the schedule must be within %d days from now, as the delay of a job"
              .formatted(JobOptions.MAX_DELAY.toDays()));
    }
    if (StoredScheduler.of(id, schedule, template, Optional.empty(), false, now)
        .nextAt()
        .isEmpty()) {
      throw new IllegalArgumentException(
          "The schedule has no time before its end or in the next ten years");
    }
    JobScheduler scheduler = store.upsertScheduler(id, schedule, template, now).scheduler();
    wake();
    return scheduler;
  }

  @Override
  public Optional<JobScheduler> findScheduler(String id) {
    return store.scheduler(id).map(StoredScheduler::scheduler);
  }

  @Override
  public Page<JobScheduler> listSchedulers(Optional<String> cursor, int limit) {
    Limits.range("limit", limit, 1, MAX_PAGE);
    Page<StoredScheduler> page = store.schedulers(cursor, limit);
    return new Page<>(page.items().stream().map(StoredScheduler::scheduler).toList(), page.next());
  }

  @Override
  public boolean removeScheduler(String id) {
    return store.removeScheduler(id, clock.instant());
  }

  @Override
  public Optional<Job> deduplicated(String id) {
    return store.deduplicated(id, clock.instant());
  }

  @Override
  public boolean removeDeduplication(String id) {
    return store.removeDeduplication(id);
  }

  @Override
  public void setGroupLimits(GroupLimits limits) {
    configure(settings -> settings.withGroups(limits));
    wake();
  }

  @Override
  public GroupLimits groupLimits() {
    return store.settings().groups();
  }

  @Override
  public void setGroupLimits(String group, Optional<GroupLimits> limits) {
    Limits.name("group", group);
    store.setGroupLimits(group, limits);
    wake();
  }

  @Override
  public Optional<GroupLimits> groupLimits(String group) {
    return store.groupLimits(group);
  }

  @Override
  public Page<JobGroup> groups(Optional<String> cursor, int limit) {
    Limits.range("limit", limit, 1, MAX_PAGE);
    return store.groups(cursor, limit);
  }

  @Override
  public int drain(boolean delayed) {
    Instant now = clock.instant();
    int removed = all(() -> store.drain(JobState.WAITING, now));
    return delayed ? removed + all(() -> store.drain(JobState.DELAYED, now)) : removed;
  }

  @Override
  public List<String> clean(JobState state, Duration grace, int limit) {
    if (state == JobState.ACTIVE) {
      throw new IllegalArgumentException("Active jobs cannot be cleaned; cancel them");
    }
    if (state == JobState.WAITING_CHILDREN) {
      throw new IllegalArgumentException(
          "Jobs that wait for their children cannot be cleaned; remove them");
    }
    Limits.range("grace", grace, Duration.ZERO, JobOptions.MAX_DELAY);
    Limits.range("limit", limit, 1, MAX_BULK);
    Instant now = clock.instant();
    Instant before = now.minus(grace);
    List<String> removed = new ArrayList<>();
    List<String> some;
    do {
      some = store.clean(state, before, Math.min(limit - removed.size(), QueueStore.BATCH), now);
      removed.addAll(some);
    } while (!some.isEmpty() && removed.size() < limit);
    return removed;
  }

  @Override
  public void obliterate(boolean force) {
    boolean paused = paused();
    pause();
    // No job becomes active from here on.
    long active = store.counts().getOrDefault(JobState.ACTIVE, 0L);
    if (active > 0 && !force) {
      configure(settings -> settings.withPaused(paused));
      wake();
      throw new IllegalStateException(
          "%d of its jobs are active; wait for them, or force it".formatted(active));
    }
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      all(() -> store.removeAny(clock.instant()));
      if (store.counts().values().stream().allMatch(count -> count == 0)) {
        store.removeSettings();
        return;
      }
      LockSupport.parkNanos(RETRY.toNanos());
    }
    throw new IllegalStateException("Jobs of queue %s are still being added".formatted(name()));
  }

  @Override
  public int retryAll(JobState state) {
    if (state != JobState.FAILED && state != JobState.COMPLETED) {
      throw new IllegalArgumentException(
          "Only failed or completed jobs can be tried again, not " + state);
    }
    Instant now = clock.instant();
    int count = all(() -> store.retryAll(state, now, now));
    wake();
    return count;
  }

  @Override
  public int promoteAll() {
    int count = all(() -> store.promoteAll(clock.instant()));
    wake();
    return count;
  }

  /** Calls a bulk operation until nothing is left. */
  private static int all(IntSupplier some) {
    int total = 0;
    int count;
    do {
      count = some.getAsInt();
      total += count;
    } while (count == QueueStore.BATCH);
    return total;
  }
}
