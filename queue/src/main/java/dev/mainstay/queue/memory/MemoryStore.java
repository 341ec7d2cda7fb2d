package dev.mainstay.queue.memory;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.DependencyState;
import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobGroup;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.QueueEventType;
import dev.mainstay.queue.QueueEvents;
import dev.mainstay.queue.QueueMetrics;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.Schedule;
import dev.mainstay.queue.WorkerInfo;
import dev.mainstay.queue.spi.ActiveJobs;
import dev.mainstay.queue.spi.Admission;
import dev.mainstay.queue.spi.Change;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Claims;
import dev.mainstay.queue.spi.DeduplicationSource;
import dev.mainstay.queue.spi.DeduplicationSource.Owner;
import dev.mainstay.queue.spi.Event;
import dev.mainstay.queue.spi.Exchange;
import dev.mainstay.queue.spi.FlowJob;
import dev.mainstay.queue.spi.JobIds;
import dev.mainstay.queue.spi.Outlook;
import dev.mainstay.queue.spi.Presence;
import dev.mainstay.queue.spi.QueueStore;
import dev.mainstay.queue.spi.Recovered;
import dev.mainstay.queue.spi.Settings;
import dev.mainstay.queue.spi.Settlement;
import dev.mainstay.queue.spi.StoredScheduler;
import dev.mainstay.queue.spi.Subscription;
import dev.mainstay.queue.spi.Target;
import dev.mainstay.queue.spi.Turn;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A queue in memory; the monitor of its {@link MemoryQueues} makes each operation atomic. Several
 * {@link dev.mainstay.queue.runtime.StoreTaskQueue}s may stand on one, as processes on a database.
 */
public final class MemoryStore implements QueueStore {
  private static final Set<JobState> UNSTARTED = EnumSet.of(JobState.WAITING, JobState.DELAYED);
  private static final Set<JobState> UNSTARTED_OR_PARENT =
      EnumSet.of(JobState.WAITING, JobState.DELAYED, JobState.WAITING_CHILDREN);
  private static final Set<JobState> FINISHED = EnumSet.of(JobState.COMPLETED, JobState.FAILED);

  private final String queue;
  private final MemoryQueues queues;
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<Long, Entry> leases = new HashMap<>();
  private final Shelves shelves = new Shelves();
  private final MemoryLimits limits = new MemoryLimits();
  private final MemorySchedulers schedulers = new MemorySchedulers();
  private final MemoryDeduplications deduplications = new MemoryDeduplications();
  private final MemoryEvents events = new MemoryEvents();
  private final MemoryWorkers workers = new MemoryWorkers();
  private final NavigableMap<Instant, QueueMetrics> metrics = new TreeMap<>();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private long lastSequence;
  private long lastToken;

  /** A queue that knows no others. */
  MemoryStore(String queue, MemoryQueues queues) {
    this.queue = queue;
    this.queues = queues;
  }

  @Override
  public String queue() {
    return queue;
  }

  @Override
  public void signal() {
    listeners.forEach(Runnable::run);
  }

  @Override
  public Subscription listen(Runnable heard) {
    listeners.add(heard);
    return () -> listeners.remove(heard);
  }

  @Override
  public List<Job> add(List<JobRequest> requests, Instant now) {
    synchronized (queues) {
      return requests.stream().map(request -> add(request, now)).toList();
    }
  }

  /** What is there under an id. */
  @Nullable Entry entry(String id) {
    return entries.get(id);
  }

  /** Adds a job of a flow, unless its deduplication refuses it; its id is free. */
  Job add(FlowJob job, @Nullable Entry parent, Instant now) {
    JobRequest request = job.request();
    if (request.options().deduplication().isPresent()) {
      Optional<Job> other = refuse(request, job.id(), now);
      if (other.isPresent()) {
        return other.get();
      }
    }
    Job added = Job.added(request, job.id(), now);
    Job shaped = job.hasChildren() ? added.withChildren() : added;
    Entry entry = put(shaped);
    if (parent != null) {
      entry.setParent(parent);
    }
    return entry.job();
  }

  private Job add(JobRequest request, Instant now) {
    String id = request.options().id().orElseGet(() -> JobIds.next(now));
    Entry there = entries.get(id);
    if (there != null) {
      events.add(Event.duplicated(id), now);
      return there.job();
    }
    if (request.options().deduplication().isPresent()) {
      Optional<Job> other = refuse(request, id, now);
      if (other.isPresent()) {
        return other.get();
      }
    }
    return add(request, id, now);
  }

  private Optional<Job> refuse(JobRequest request, String id, Instant now) {
    Optional<Job> other = Admission.refuse(new MemoryAdmission(now), request, id, now);
    String deduplicationId = request.options().deduplication().orElseThrow().id();
    other.ifPresent(job -> events.add(Event.deduplicated(job.id(), deduplicationId, id), now));
    return other;
  }

  /** Something has happened to a job of a flow. */
  void happens(Event event, Instant now) {
    events.add(event, now);
  }

  private Job add(JobRequest request, String id, Instant now) {
    return put(Job.added(request, id, now)).job();
  }

  private Entry put(Job added) {
    lastSequence++;
    long position = added.options().lifo() ? front(added.options()) - 1 : 0;
    Entry entry = new Entry(queue, lastSequence, position, added);
    entries.put(added.id(), entry);
    shelves.put(entry);
    events.add(Event.added(added), added.createdAt());
    events.add(Event.state(added), added.createdAt());
    return entry;
  }

  /** The foremost position among the jobs of a group and priority that wait. */
  private long front(JobOptions options) {
    return shelves.waiting(options.group().orElse("")).stream()
        .dropWhile(entry -> entry.options.priority() < options.priority())
        .limit(1)
        .filter(entry -> entry.options.priority() == options.priority())
        .mapToLong(entry -> entry.position)
        .findFirst()
        .orElse(0);
  }

  @Override
  public Optional<Job> find(String id) {
    synchronized (queues) {
      return Optional.ofNullable(entries.get(id)).map(Entry::job);
    }
  }

  @Override
  public Page<Job> list(JobState state, Optional<String> cursor, int limit) {
    synchronized (queues) {
      boolean newestFirst = FINISHED.contains(state);
      Collection<Entry> ordered =
          newestFirst ? shelves.of(state).descendingSet() : shelves.of(state);
      Stream<Entry> rest = ordered.stream();
      if (cursor.isPresent()) {
        Place last = Place.of(cursor.get());
        rest =
            rest.dropWhile(
                entry -> {
                  int order = Shelves.place(entry).compareTo(last);
                  return newestFirst ? order >= 0 : order <= 0;
                });
      }
      List<Entry> page = rest.limit(limit + 1L).toList();
      boolean more = page.size() > limit;
      List<Entry> shown = more ? page.subList(0, limit) : page;
      return new Page<>(
          shown.stream().map(Entry::job).toList(),
          more ? Optional.of(Shelves.place(shown.getLast()).cursor()) : Optional.empty());
    }
  }

  @Override
  public Map<JobState, Long> counts() {
    synchronized (queues) {
      Map<JobState, Long> counts = new EnumMap<>(JobState.class);
      for (JobState state : JobState.values()) {
        counts.put(state, (long) shelves.of(state).size());
      }
      return counts;
    }
  }

  @Override
  public Exchange exchange(Turn turn) {
    synchronized (queues) {
      List<Boolean> held =
          turn.settlements().stream().map(settlement -> settle(settlement, turn.now())).toList();
      addDue(turn.now());
      if (turn.capacity() == 0) {
        return new Exchange(held, List.of(), List.of(), turn.lastGroup(), Outlook.NOTHING);
      }
      List<Recovered> recovered = recover(turn.now(), turn.maxStalled());
      addDue(turn.now());
      promoteDue(turn.now());
      MemoryClaims source =
          new MemoryClaims(shelves, limits, turn.clock().instant(), entry -> claim(entry, turn));
      Claims.Taken taken =
          Claims.take(
              source,
              limits.settings,
              !shelves.waiting().tailMap("", false).isEmpty(),
              limits.limited(),
              turn.capacity(),
              turn.lastGroup());
      taken.claimed().forEach(claimed -> advance(claimed.job(), turn.now()));
      Outlook outlook = outlook();
      if (finishedSome(turn, held) && taken.claimed().isEmpty() && idle()) {
        events.add(Event.ofQueue(QueueEventType.DRAINED), turn.now());
      }
      if (taken.dry()) {
        long freeAt = Math.min(taken.freeAt(), limits.nextFree(turn.now().toEpochMilli()));
        outlook = new Outlook(false, Math.min(outlook.nextDue(), freeAt));
      }
      return new Exchange(held, recovered, taken.claimed(), taken.last(), outlook);
    }
  }

  private static boolean finishedSome(Turn turn, List<Boolean> held) {
    return IntStream.range(0, held.size())
        .anyMatch(i -> held.get(i) && turn.settlements().get(i).finished());
  }

  private boolean idle() {
    return shelves.of(JobState.WAITING).isEmpty() && shelves.of(JobState.ACTIVE).isEmpty();
  }

  private boolean settle(Settlement asked, Instant now) {
    Entry entry = leased(asked.claimed());
    if (entry == null) {
      return false;
    }
    Settlement settlement =
        asked.amended(
            MemoryFlows.waits(entry),
            Optional.ofNullable(entry.deferredFailure),
            Optional.ofNullable(entry.cancelReason),
            now);
    change(
        entry,
        job -> {
          job.attemptsMade = settlement.attemptsMade();
          job.stackTraces = settlement.stackTraces();
          job.state = settlement.state();
          job.runAt = settlement.runAt();
          job.returnValue = settlement.returnValue();
          job.failedReason = settlement.failedReason();
          job.finishedAt = settlement.finishedAt();
          job.cancelReason = null;
          if (settlement.finished()) {
            job.deferredFailure = null;
          }
        });
    Event.settled(settlement).forEach(event -> events.add(event, now));
    if (settlement.finished()) {
      queues.flows().ended(entry, now);
    }
    if (asked.removes() && settlement.removes()) {
      remove(entry, now);
    }
    return true;
  }

  /** A child has failed, and the job is to fail with it. */
  void deferFailure(Entry parent, String reason, Instant now) {
    if (!parent.state.finished()) {
      boolean moves = parent.state != JobState.ACTIVE;
      change(
          parent,
          job -> {
            job.deferredFailure = reason;
            if (job.state != JobState.ACTIVE) {
              job.waits();
            }
          });
      if (moves) {
        events.add(Event.waiting(parent.id, JobState.WAITING_CHILDREN), now);
      }
      signal();
    }
  }

  /** A job has no children to wait for any more. */
  void free(Entry parent, Duration delay, Instant now) {
    change(
        parent,
        job -> {
          job.state = delay.isZero() ? JobState.WAITING : JobState.DELAYED;
          job.runAt = delay.isZero() ? Optional.empty() : Optional.of(now.plus(delay));
        });
    events.add(
        delay.isZero()
            ? Event.waiting(parent.id, JobState.WAITING_CHILDREN)
            : Event.delayed(parent.id, now.plus(delay)),
        now);
    signal();
  }

  private @Nullable Entry leased(Claimed claimed) {
    return leases.get(claimed.token());
  }

  /** Changes a job and puts it where it belongs then; its lease ends with its being active. */
  private void change(Entry entry, Consumer<Entry> change) {
    shelves.take(entry);
    change.accept(entry);
    shelves.put(entry);
    if (entry.state != JobState.ACTIVE) {
      leases.remove(entry.token);
    }
  }

  private void remove(Entry entry, Instant now) {
    shelves.take(entry);
    entries.remove(entry.id);
    leases.remove(entry.token);
    queues.flows().removed(entry, now);
  }

  private List<Recovered> recover(Instant now, int maxStalled) {
    List<Entry> lost =
        shelves.of(JobState.ACTIVE).stream()
            .takeWhile(entry -> !entry.leaseUntil.isAfter(now))
            .limit(BATCH)
            .toList();
    String reason =
        "stalled more than %d times: its worker died or stopped renewing the lease"
            .formatted(maxStalled);
    for (Entry entry : lost) {
      change(
          entry,
          job -> {
            if (job.cancelReason == null && job.stalledCount >= maxStalled) {
              job.fails(reason, now);
            } else {
              job.waitsUnlessCanceled(now);
            }
            job.stalledCount++;
          });
      events.add(Event.stalled(entry.id), now);
      tellOfLoss(entry, now);
      if (entry.state.finished()) {
        queues.flows().ended(entry, now);
      }
    }
    return lost.stream()
        .map(
            entry ->
                new Recovered(
                    entry.token,
                    entry.id,
                    entry.state,
                    entry.processedBy.orElse(""),
                    entry.stalledCount,
                    entry.options.removeOnFail()))
        .toList();
  }

  private void tellOfLoss(Entry entry, Instant now) {
    events.add(
        entry.state == JobState.FAILED
            ? Event.failed(entry.id, entry.failedReason.orElse(""), JobState.ACTIVE)
            : Event.waiting(entry.id, JobState.ACTIVE),
        now);
  }

  private void waitsNow(Entry entry, Instant now) {
    change(entry, Entry::waits);
    events.add(Event.waiting(entry.id, JobState.DELAYED), now);
  }

  private void promoteDue(Instant now) {
    shelves.of(JobState.DELAYED).stream()
        .takeWhile(entry -> !entry.runAt.orElse(Instant.MAX).isAfter(now))
        .limit(BATCH)
        .toList()
        .forEach(entry -> waitsNow(entry, now));
  }

  /** Whether the limits of the queue as a whole allow a job to start, but for its rates. */
  private boolean open() {
    return !limits.settings.paused()
        && shelves.of(JobState.ACTIVE).size()
            < limits.settings.concurrency().orElse(Integer.MAX_VALUE);
  }

  private Claimed claim(Entry entry, Turn turn) {
    lastToken++;
    change(
        entry,
        job -> {
          job.state = JobState.ACTIVE;
          job.processedAt = Optional.of(turn.now());
          job.processedBy = Optional.of(turn.workerId());
          job.leaseUntil = turn.leaseUntil();
          job.token = lastToken;
        });
    leases.put(lastToken, entry);
    events.add(Event.active(entry.id), turn.now());
    return new Claimed(
        entry.job(),
        lastToken,
        !entry.children.isEmpty(),
        Optional.ofNullable(entry.deferredFailure));
  }

  @Override
  public Outlook outlook() {
    synchronized (queues) {
      Stream<Instant> due =
          Stream.concat(
              shelves.of(JobState.DELAYED).stream().limit(1).flatMap(entry -> entry.runAt.stream()),
              shelves.of(JobState.ACTIVE).stream().limit(1).map(entry -> entry.leaseUntil));
      return new Outlook(
          open() && !shelves.of(JobState.WAITING).isEmpty(),
          due.mapToLong(Instant::toEpochMilli).min().orElse(Long.MAX_VALUE));
    }
  }

  @Override
  public List<Boolean> renew(List<Claimed> renewed, Instant until) {
    synchronized (queues) {
      return renewed.stream()
          .map(
              claimed -> {
                Entry entry = leased(claimed);
                if (entry != null) {
                  change(entry, job -> job.leaseUntil = until);
                }
                return entry != null;
              })
          .toList();
    }
  }

  @Override
  public Map<Long, String> cancellations(String workerId) {
    synchronized (queues) {
      Map<Long, String> reasons = new HashMap<>();
      for (Entry entry : shelves.of(JobState.ACTIVE)) {
        if (entry.cancelReason != null && entry.processedBy.equals(Optional.of(workerId))) {
          reasons.put(entry.token, entry.cancelReason);
        }
      }
      return reasons;
    }
  }

  @Override
  public void announce(Presence worker, Instant now) {
    synchronized (queues) {
      workers.put(worker, now);
    }
  }

  @Override
  public void withdraw(String id) {
    synchronized (queues) {
      workers.remove(id);
    }
  }

  @Override
  public Page<WorkerInfo> workers(Optional<String> cursor, int limit, Instant now) {
    synchronized (queues) {
      ActiveJobs jobs = new ActiveJobs();
      shelves.of(JobState.ACTIVE).stream()
          .limit(ActiveJobs.MAX_READ)
          .forEach(entry -> jobs.add(entry.processedBy.orElse(""), entry.id));
      return workers.list(cursor, limit, now, jobs);
    }
  }

  @Override
  public int takeOver(String workerId, Instant now) {
    synchronized (queues) {
      List<Entry> lost =
          shelves.of(JobState.ACTIVE).stream()
              .filter(entry -> entry.processedBy.equals(Optional.of(workerId)))
              .toList();
      for (Entry entry : lost) {
        change(entry, job -> job.waitsUnlessCanceled(now));
        tellOfLoss(entry, now);
        if (entry.state.finished()) {
          queues.flows().ended(entry, now);
        }
      }
      addDue(now);
      return lost.size();
    }
  }

  @Override
  public int prune(JobState state, Retention kept, Instant now) {
    synchronized (queues) {
      deduplications.sweep(this::isOver, now);
      Instant oldest = kept.age().map(now::minus).orElse(Instant.MIN);
      int surplus = Math.max(0, shelves.of(state).size() - kept.count());
      List<Entry> gone = new ArrayList<>();
      int place = 0;
      for (Entry entry : shelves.of(state)) {
        boolean old = entry.finishedAt.orElse(Instant.MAX).isBefore(oldest);
        if (gone.size() == BATCH || (place >= surplus && !old)) {
          break;
        }
        place++;
        if (!queues.flows().needed(entry)) {
          gone.add(entry);
        }
      }
      gone.forEach(entry -> remove(entry, now));
      return gone.size();
    }
  }

  private Change change(Target target, Set<JobState> states, Consumer<Entry> change) {
    Entry entry = entries.get(target.id());
    if (entry == null) {
      return Change.NOT_FOUND;
    }
    JobState found = entry.state;
    boolean leased =
        target.token().isEmpty()
            || (found == JobState.ACTIVE && entry.token == target.token().getAsLong());
    if (!states.contains(found) || !leased) {
      return Change.refused(found);
    }
    change(entry, change);
    return Change.done(found);
  }

  @Override
  public Change remove(String id, Instant now) {
    synchronized (queues) {
      Entry entry = entries.get(id);
      if (entry == null) {
        return Change.NOT_FOUND;
      }
      if (entry.state == JobState.ACTIVE) {
        return Change.refused(entry.state);
      }
      Collection<Entry> tree = queues.flows().tree(entry);
      if (tree.stream().anyMatch(job -> job.state == JobState.ACTIVE)) {
        return Change.refused(entry.state);
      }
      JobState found = entry.state;
      for (Entry job : tree) {
        MemoryStore store = queues.store(job.queue);
        store.happens(Event.removed(job.id, job.state), now);
        store.removeOne(job, now);
      }
      return Change.done(found);
    }
  }

  private void removeOne(Entry entry, Instant now) {
    remove(entry, now);
    entry.options.deduplication().ifPresent(held -> deduplications.free(held.id(), entry.id));
    advance(entry.job(), now);
  }

  @Override
  public Change cancel(String id, String reason, Instant now) {
    synchronized (queues) {
      Change change =
          change(
              Target.job(id),
              EnumSet.complementOf(EnumSet.copyOf(FINISHED)),
              job -> {
                if (job.state == JobState.ACTIVE) {
                  job.cancelReason = reason;
                } else {
                  events.add(Event.failed(id, reason, job.state), now);
                  job.fails(reason, now);
                }
              });
      addDue(now);
      Entry entry = entries.get(id);
      if (entry != null && change.done() && entry.state == JobState.FAILED) {
        queues.flows().ended(entry, now);
        advance(entry.job(), now);
      }
      return change;
    }
  }

  @Override
  public Change retry(String id, Instant now) {
    synchronized (queues) {
      return change(Target.job(id), FINISHED, job -> waitsAgain(job, now));
    }
  }

  private void waitsAgain(Entry entry, Instant now) {
    JobState before = entry.state;
    queues.flows().again(entry);
    entry.waits();
    if (MemoryFlows.waits(entry)) {
      entry.state = JobState.WAITING_CHILDREN;
      events.add(Event.waitingChildren(entry.id, before), now);
    } else {
      events.add(Event.waiting(entry.id, before), now);
    }
  }

  private Change told(Change change, Event event, Instant now) {
    if (change.done()) {
      events.add(event, now);
    }
    return change;
  }

  @Override
  public Change promote(String id, Instant now) {
    synchronized (queues) {
      return told(
          change(Target.job(id), EnumSet.of(JobState.DELAYED), Entry::waits),
          Event.waiting(id, JobState.DELAYED),
          now);
    }
  }

  @Override
  public Change changeDelay(String id, Instant runAt, Instant now) {
    synchronized (queues) {
      return told(
          change(
              Target.job(id), EnumSet.of(JobState.DELAYED), job -> job.runAt = Optional.of(runAt)),
          Event.delayed(id, runAt),
          now);
    }
  }

  @Override
  public Change changePriority(String id, int priority, boolean lifo) {
    synchronized (queues) {
      return change(
          Target.job(id),
          UNSTARTED_OR_PARENT,
          job -> {
            job.options = job.options.toBuilder().priority(priority).lifo(lifo).build();
            job.position = lifo ? front(job.options) - 1 : 0;
          });
    }
  }

  @Override
  public Change updateData(Target target, String data) {
    synchronized (queues) {
      return change(target, EnumSet.allOf(JobState.class), job -> job.data = data);
    }
  }

  @Override
  public Change updateProgress(Target target, String progress, Instant now) {
    synchronized (queues) {
      return told(
          change(
              target, EnumSet.allOf(JobState.class), job -> job.progress = Optional.of(progress)),
          Event.progress(target.id(), progress),
          now);
    }
  }

  @Override
  public Change log(Target target, String line, Instant now) {
    synchronized (queues) {
      return change(
          target,
          EnumSet.allOf(JobState.class),
          job -> {
            job.logs.addLast(line);
            if (job.logs.size() > job.options.keepLogs()) {
              job.logs.removeFirst();
            }
          });
    }
  }

  @Override
  public List<String> logs(String id, int offset, int limit) {
    synchronized (queues) {
      Entry entry = entries.get(id);
      return entry == null ? List.of() : entry.logs.stream().skip(offset).limit(limit).toList();
    }
  }

  @Override
  public Optional<List<Optional<Job>>> addChildren(
      Claimed parent, List<FlowJob> jobs, Instant now) {
    synchronized (queues) {
      return Optional.ofNullable(leased(parent)).map(entry -> queues.flows().add(entry, jobs, now));
    }
  }

  @Override
  public Page<Dependency> dependencies(String id, Optional<String> cursor, int limit) {
    synchronized (queues) {
      Entry entry = entries.get(id);
      return entry == null
          ? new Page<>(List.of(), Optional.empty())
          : entry.dependencies(cursor, limit);
    }
  }

  @Override
  public Map<DependencyState, Long> countDependencies(String id) {
    synchronized (queues) {
      Map<DependencyState, Long> counts = new EnumMap<>(DependencyState.class);
      for (DependencyState state : DependencyState.values()) {
        counts.put(state, 0L);
      }
      Entry entry = entries.get(id);
      if (entry != null) {
        entry.children.values().forEach(child -> counts.merge(child.state(), 1L, Long::sum));
      }
      return counts;
    }
  }

  @Override
  public QueueEvents events(String cursor, int limit) {
    synchronized (queues) {
      return events.read(cursor, limit);
    }
  }

  @Override
  public Subscription listenEvents(Runnable heard) {
    return events.listen(heard);
  }

  /** They are removed as others come. */
  @Override
  public int pruneEvents() {
    return 0;
  }

  @Override
  public void addMetrics(List<QueueMetrics> more) {
    synchronized (queues) {
      more.forEach(one -> metrics.merge(one.minute(), one, QueueMetrics::plus));
      if (!metrics.isEmpty()) {
        metrics.headMap(metrics.lastKey().minus(QueueMetrics.KEPT)).clear();
      }
    }
  }

  @Override
  public List<QueueMetrics> metrics(Instant from, Instant to) {
    synchronized (queues) {
      return metrics.tailMap(from).values().stream()
          .takeWhile(one -> one.minute().isBefore(to))
          .limit(MAX_MINUTES)
          .toList();
    }
  }

  @Override
  public Settings settings() {
    synchronized (queues) {
      return limits.settings;
    }
  }

  @Override
  public void configure(UnaryOperator<Settings> change, Instant now) {
    synchronized (queues) {
      boolean before = limits.settings.paused();
      limits.settings = change.apply(limits.settings);
      boolean after = limits.settings.paused();
      if (before != after) {
        events.add(Event.ofQueue(after ? QueueEventType.PAUSED : QueueEventType.RESUMED), now);
      }
      limits.unblockAll();
    }
  }

  @Override
  public Optional<Instant> reserve(String group, long units, Instant now) {
    synchronized (queues) {
      return limits.reserve(group, units, now);
    }
  }

  @Override
  public void correct(String group, long units, Instant at, Instant now) {
    synchronized (queues) {
      limits.correct(group, units, at, now);
    }
  }

  @Override
  public StoredScheduler upsertScheduler(
      String id, Schedule schedule, JobRequest template, Instant now) {
    synchronized (queues) {
      Optional<StoredScheduler> before = schedulers.find(id);
      boolean replaced = before.isPresent() && removeNext(before.get(), now);
      return put(StoredScheduler.of(id, schedule, template, before, replaced, now), now);
    }
  }

  private StoredScheduler put(StoredScheduler wanted, Instant now) {
    return schedulers.put(wanted.withJob(this::addIfAbsent, now));
  }

  private boolean addIfAbsent(Job job) {
    boolean absent = !entries.containsKey(job.id());
    if (absent) {
      put(job);
    }
    return absent;
  }

  private boolean removeNext(StoredScheduler scheduler, Instant now) {
    Entry next = scheduler.nextAt().isPresent() ? entries.get(scheduler.jobId()) : null;
    boolean there = next != null && UNSTARTED.contains(next.state);
    if (next != null && there) {
      events.add(Event.removed(next.id, next.state), now);
      remove(next, now);
    }
    return there;
  }

  /** Adds the next job of a scheduler, if this is its newest one. */
  private void advance(Job job, Instant now) {
    job.schedulerId()
        .flatMap(schedulers::find)
        .filter(scheduler -> scheduler.nextAt().isPresent())
        .filter(scheduler -> scheduler.jobId().equals(job.id()))
        .ifPresent(scheduler -> put(scheduler.advanced(now), now));
  }

  @Override
  public Optional<StoredScheduler> scheduler(String id) {
    synchronized (queues) {
      return schedulers.find(id);
    }
  }

  @Override
  public Page<StoredScheduler> schedulers(Optional<String> cursor, int limit) {
    synchronized (queues) {
      return schedulers.list(cursor, limit);
    }
  }

  @Override
  public boolean removeScheduler(String id, Instant now) {
    synchronized (queues) {
      Optional<StoredScheduler> gone = schedulers.remove(id);
      gone.ifPresent(scheduler -> removeNext(scheduler, now));
      return gone.isPresent();
    }
  }

  @Override
  public Optional<Job> deduplicated(String id, Instant now) {
    synchronized (queues) {
      return deduplications
          .owner(id)
          .flatMap(owner -> Admission.holder(new MemoryAdmission(now), owner, now));
    }
  }

  @Override
  public boolean removeDeduplication(String id) {
    synchronized (queues) {
      return deduplications.free(id);
    }
  }

  /** Adds the jobs that were kept for the end of others, which have ended. */
  private void addDue(Instant now) {
    for (JobRequest next : deduplications.takeDue(this::isOver, now)) {
      String id = next.options().id().orElseThrow();
      if (!entries.containsKey(id)) {
        add(next, id, now);
      }
    }
  }

  private boolean isOver(String id) {
    Entry entry = entries.get(id);
    return entry == null || entry.state.finished();
  }

  private final class MemoryAdmission implements DeduplicationSource<RuntimeException> {
    private final Instant now;

    MemoryAdmission(Instant now) {
      this.now = now;
    }

    @Override
    public Optional<Owner> owner(String id) {
      return deduplications.owner(id);
    }

    @Override
    public Optional<Job> find(String jobId) {
      return MemoryStore.this.find(jobId);
    }

    @Override
    public void own(String id, Owner owner) {
      deduplications.own(id, owner);
    }

    @Override
    public void keepNext(String id, JobRequest next) {
      deduplications.keepNext(id, next);
    }

    @Override
    public void extend(String id, Instant until) {
      deduplications.extend(id, until);
    }

    @Override
    public boolean removeDelayed(String jobId) {
      Entry entry = entries.get(jobId);
      boolean delayed = entry != null && entry.state == JobState.DELAYED;
      if (entry != null && delayed) {
        events.add(Event.removed(jobId, entry.state), now);
        MemoryStore.this.remove(entry, now);
      }
      return delayed;
    }

    @Override
    public void reschedule(String jobId, Duration delay) {
      change(
          Target.job(jobId),
          EnumSet.of(JobState.DELAYED),
          job -> {
            job.options = job.options.toBuilder().delay(delay).build();
            job.runAt = Optional.of(now.plus(delay));
          });
    }
  }

  @Override
  public Optional<GroupLimits> groupLimits(String group) {
    synchronized (queues) {
      return Optional.ofNullable(limits.own.get(group));
    }
  }

  @Override
  public void setGroupLimits(String group, Optional<GroupLimits> own) {
    synchronized (queues) {
      limits.set(group, own);
    }
  }

  @Override
  public Page<JobGroup> groups(Optional<String> cursor, int limit) {
    synchronized (queues) {
      NavigableSet<String> names = new TreeSet<>(shelves.waiting().keySet());
      names.addAll(shelves.active().keySet());
      names.addAll(limits.own.keySet());
      List<JobGroup> groups =
          names.tailSet(cursor.orElse(""), false).stream()
              .limit(limit + 1L)
              .map(
                  name ->
                      new JobGroup(
                          name,
                          shelves.waiting(name).size(),
                          shelves.active().getOrDefault(name, 0),
                          groupLimits(name)))
              .toList();
      return groups.size() <= limit
          ? new Page<>(groups, Optional.empty())
          : new Page<>(groups.subList(0, limit), Optional.of(groups.get(limit - 1).name()));
    }
  }

  @Override
  public int drain(JobState state, Instant now) {
    synchronized (queues) {
      List<Entry> gone =
          shelves.of(state).stream()
              .filter(entry -> entry.schedulerId.isEmpty())
              .limit(BATCH)
              .toList();
      for (Entry entry : gone) {
        events.add(Event.removed(entry.id, entry.state), now);
        remove(entry, now);
      }
      return gone.size();
    }
  }

  @Override
  public List<String> clean(JobState state, Instant before, int limit, Instant now) {
    synchronized (queues) {
      List<Entry> gone =
          shelves.of(state).stream()
              .filter(entry -> !entry.finishedAt.orElse(entry.createdAt).isAfter(before))
              .filter(entry -> entry.state.finished() || entry.schedulerId.isEmpty())
              .limit(limit)
              .toList();
      for (Entry entry : gone) {
        events.add(Event.removed(entry.id, entry.state), now);
        remove(entry, now);
      }
      if (!gone.isEmpty()) {
        events.add(Event.cleaned(gone.size()), now);
      }
      return gone.stream().map(entry -> entry.id).toList();
    }
  }

  @Override
  public int removeAny(Instant now) {
    synchronized (queues) {
      List<Entry> gone = entries.values().stream().limit(BATCH).toList();
      gone.forEach(entry -> remove(entry, now));
      return gone.size();
    }
  }

  @Override
  public void removeSettings() {
    synchronized (queues) {
      limits.clear();
      deduplications.clear();
      schedulers.clear();
      events.clear();
      metrics.clear();
      workers.clear();
    }
  }

  @Override
  public int retryAll(JobState state, Instant before, Instant now) {
    synchronized (queues) {
      List<Entry> again =
          shelves.of(state).stream()
              .takeWhile(entry -> !entry.finishedAt.orElse(Instant.MAX).isAfter(before))
              .limit(BATCH)
              .toList();
      again.forEach(entry -> change(entry, job -> waitsAgain(job, now)));
      return again.size();
    }
  }

  @Override
  public int promoteAll(Instant now) {
    synchronized (queues) {
      List<Entry> due = shelves.of(JobState.DELAYED).stream().limit(BATCH).toList();
      due.forEach(entry -> waitsNow(entry, now));
      return due.size();
    }
  }
}
