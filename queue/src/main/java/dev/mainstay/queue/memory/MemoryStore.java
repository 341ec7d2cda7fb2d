package dev.mainstay.queue.memory;

import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobGroup;
import dev.mainstay.queue.JobOptions;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.Schedule;
import dev.mainstay.queue.spi.Admission;
import dev.mainstay.queue.spi.Change;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Claims;
import dev.mainstay.queue.spi.DeduplicationSource;
import dev.mainstay.queue.spi.DeduplicationSource.Owner;
import dev.mainstay.queue.spi.Exchange;
import dev.mainstay.queue.spi.JobIds;
import dev.mainstay.queue.spi.Outlook;
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
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A queue in memory; its monitor makes each operation atomic. Several {@link
 * dev.mainstay.queue.runtime.StoreTaskQueue}s may stand on one, as processes on a database.
 */
public final class MemoryStore implements QueueStore {
  private static final Set<JobState> UNSTARTED = EnumSet.of(JobState.WAITING, JobState.DELAYED);
  private static final Set<JobState> FINISHED = EnumSet.of(JobState.COMPLETED, JobState.FAILED);

  private final String queue;
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<Long, Entry> leases = new HashMap<>();
  private final Shelves shelves = new Shelves();
  private final MemoryLimits limits = new MemoryLimits();
  private final MemorySchedulers schedulers = new MemorySchedulers();
  private final MemoryDeduplications deduplications = new MemoryDeduplications();
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private long lastSequence;
  private long lastToken;

  public MemoryStore(String queue) {
    this.queue = queue;
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
  public synchronized List<Job> add(List<JobRequest> requests, Instant now) {
    return requests.stream().map(request -> add(request, now)).toList();
  }

  private Job add(JobRequest request, Instant now) {
    String id = request.options().id().orElseGet(() -> JobIds.next(now));
    Entry there = entries.get(id);
    if (there != null) {
      return there.job();
    }
    if (request.options().deduplication().isPresent()) {
      Optional<Job> other = Admission.refuse(new MemoryAdmission(now), request, id, now);
      if (other.isPresent()) {
        return other.get();
      }
    }
    return add(request, id, now);
  }

  private Job add(JobRequest request, String id, Instant now) {
    return put(Job.added(request, id, now));
  }

  private Job put(Job added) {
    lastSequence++;
    long position = added.options().lifo() ? front(added.options()) - 1 : 0;
    Entry entry = new Entry(lastSequence, position, added);
    entries.put(added.id(), entry);
    shelves.put(entry);
    return entry.job();
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
  public synchronized Optional<Job> find(String id) {
    return Optional.ofNullable(entries.get(id)).map(Entry::job);
  }

  @Override
  public synchronized Page<Job> list(JobState state, Optional<String> cursor, int limit) {
    boolean newestFirst = FINISHED.contains(state);
    Collection<Entry> ordered = newestFirst ? shelves.of(state).descendingSet() : shelves.of(state);
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

  @Override
  public synchronized Map<JobState, Long> counts() {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      counts.put(state, (long) shelves.of(state).size());
    }
    return counts;
  }

  @Override
  public synchronized Exchange exchange(Turn turn) {
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
    if (taken.dry()) {
      long freeAt = Math.min(taken.freeAt(), limits.nextFree(turn.now().toEpochMilli()));
      outlook = new Outlook(false, Math.min(outlook.nextDue(), freeAt));
    }
    return new Exchange(held, recovered, taken.claimed(), taken.last(), outlook);
  }

  private boolean settle(Settlement settlement, Instant now) {
    Entry entry = leased(settlement.claimed());
    if (entry == null) {
      return false;
    }
    if (settlement.removes()) {
      remove(entry);
      return true;
    }
    change(
        entry,
        job -> {
          job.attemptsMade = settlement.attemptsMade();
          job.stackTraces = settlement.stackTraces();
          if (!settlement.finished() && job.cancelReason != null) {
            job.fails(job.cancelReason, now);
          } else {
            job.state = settlement.state();
            job.runAt = settlement.runAt();
            job.returnValue = settlement.returnValue();
            job.failedReason = settlement.failedReason();
            job.finishedAt = settlement.finishedAt();
          }
          job.cancelReason = null;
        });
    return true;
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

  private void remove(Entry entry) {
    shelves.take(entry);
    entries.remove(entry.id);
    leases.remove(entry.token);
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

  private void promoteDue(Instant now) {
    shelves.of(JobState.DELAYED).stream()
        .takeWhile(entry -> !entry.runAt.orElse(Instant.MAX).isAfter(now))
        .limit(BATCH)
        .toList()
        .forEach(entry -> change(entry, Entry::waits));
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
    return new Claimed(entry.job(), lastToken);
  }

  @Override
  public synchronized Outlook outlook() {
    Stream<Instant> due =
        Stream.concat(
            shelves.of(JobState.DELAYED).stream().limit(1).flatMap(entry -> entry.runAt.stream()),
            shelves.of(JobState.ACTIVE).stream().limit(1).map(entry -> entry.leaseUntil));
    return new Outlook(
        open() && !shelves.of(JobState.WAITING).isEmpty(),
        due.mapToLong(Instant::toEpochMilli).min().orElse(Long.MAX_VALUE));
  }

  @Override
  public synchronized List<Boolean> renew(List<Claimed> renewed, Instant until) {
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

  @Override
  public synchronized Map<Long, String> cancellations(String workerId) {
    Map<Long, String> reasons = new HashMap<>();
    for (Entry entry : shelves.of(JobState.ACTIVE)) {
      if (entry.cancelReason != null && entry.processedBy.equals(Optional.of(workerId))) {
        reasons.put(entry.token, entry.cancelReason);
      }
    }
    return reasons;
  }

  @Override
  public synchronized int takeOver(String workerId, Instant now) {
    List<Entry> lost =
        shelves.of(JobState.ACTIVE).stream()
            .filter(entry -> entry.processedBy.equals(Optional.of(workerId)))
            .toList();
    lost.forEach(entry -> change(entry, job -> job.waitsUnlessCanceled(now)));
    addDue(now);
    return lost.size();
  }

  @Override
  public synchronized int prune(JobState state, Retention kept, Instant now) {
    deduplications.sweep(this::isOver, now);
    Instant oldest = kept.age().map(now::minus).orElse(Instant.MIN);
    int surplus = Math.max(0, shelves.of(state).size() - kept.count());
    List<Entry> gone = new ArrayList<>();
    for (Entry entry : shelves.of(state)) {
      boolean old = entry.finishedAt.orElse(Instant.MAX).isBefore(oldest);
      if (gone.size() == BATCH || (gone.size() >= surplus && !old)) {
        break;
      }
      gone.add(entry);
    }
    gone.forEach(this::remove);
    return gone.size();
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
  public synchronized Change remove(String id, Instant now) {
    Entry entry = entries.get(id);
    if (entry == null) {
      return Change.NOT_FOUND;
    }
    if (entry.state == JobState.ACTIVE) {
      return Change.refused(entry.state);
    }
    remove(entry);
    entry.options.deduplication().ifPresent(held -> deduplications.free(held.id(), id));
    advance(entry.job(), now);
    return Change.done(entry.state);
  }

  @Override
  public synchronized Change cancel(String id, String reason, Instant now) {
    Change change =
        change(
            Target.job(id),
            EnumSet.complementOf(EnumSet.copyOf(FINISHED)),
            job -> {
              if (job.state == JobState.ACTIVE) {
                job.cancelReason = reason;
              } else {
                job.fails(reason, now);
              }
            });
    addDue(now);
    find(id).filter(job -> job.state() == JobState.FAILED).ifPresent(job -> advance(job, now));
    return change;
  }

  @Override
  public synchronized Change retry(String id) {
    return change(Target.job(id), FINISHED, Entry::waits);
  }

  @Override
  public synchronized Change promote(String id) {
    return change(Target.job(id), EnumSet.of(JobState.DELAYED), Entry::waits);
  }

  @Override
  public synchronized Change changeDelay(String id, Instant runAt) {
    return change(
        Target.job(id), EnumSet.of(JobState.DELAYED), job -> job.runAt = Optional.of(runAt));
  }

  @Override
  public synchronized Change changePriority(String id, int priority, boolean lifo) {
    return change(
        Target.job(id),
        UNSTARTED,
        job -> {
          job.options = job.options.toBuilder().priority(priority).lifo(lifo).build();
          job.position = lifo ? front(job.options) - 1 : 0;
        });
  }

  @Override
  public synchronized Change updateData(Target target, String data) {
    return change(target, EnumSet.allOf(JobState.class), job -> job.data = data);
  }

  @Override
  public synchronized Change updateProgress(Target target, String progress) {
    return change(
        target, EnumSet.allOf(JobState.class), job -> job.progress = Optional.of(progress));
  }

  @Override
  public synchronized Change log(Target target, String line, Instant now) {
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

  @Override
  public synchronized List<String> logs(String id, int offset, int limit) {
    Entry entry = entries.get(id);
    return entry == null ? List.of() : entry.logs.stream().skip(offset).limit(limit).toList();
  }

  @Override
  public synchronized Settings settings() {
    return limits.settings;
  }

  @Override
  public synchronized void configure(UnaryOperator<Settings> change) {
    limits.settings = change.apply(limits.settings);
    limits.unblockAll();
  }

  @Override
  public synchronized Optional<Instant> reserve(String group, long units, Instant now) {
    return limits.reserve(group, units, now);
  }

  @Override
  public synchronized void correct(String group, long units, Instant at, Instant now) {
    limits.correct(group, units, at, now);
  }

  @Override
  public synchronized StoredScheduler upsertScheduler(
      String id, Schedule schedule, JobRequest template, Instant now) {
    Optional<StoredScheduler> before = schedulers.find(id);
    boolean replaced = before.isPresent() && removeNext(before.get());
    return put(StoredScheduler.of(id, schedule, template, before, replaced, now), now);
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

  private boolean removeNext(StoredScheduler scheduler) {
    Entry next = scheduler.nextAt().isPresent() ? entries.get(scheduler.jobId()) : null;
    boolean there = next != null && UNSTARTED.contains(next.state);
    if (next != null && there) {
      remove(next);
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
  public synchronized Optional<StoredScheduler> scheduler(String id) {
    return schedulers.find(id);
  }

  @Override
  public synchronized Page<StoredScheduler> schedulers(Optional<String> cursor, int limit) {
    return schedulers.list(cursor, limit);
  }

  @Override
  public synchronized boolean removeScheduler(String id) {
    Optional<StoredScheduler> gone = schedulers.remove(id);
    gone.ifPresent(this::removeNext);
    return gone.isPresent();
  }

  @Override
  public synchronized Optional<Job> deduplicated(String id, Instant now) {
    return deduplications
        .owner(id)
        .flatMap(owner -> Admission.holder(new MemoryAdmission(now), owner, now));
  }

  @Override
  public synchronized boolean removeDeduplication(String id) {
    return deduplications.free(id);
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
        MemoryStore.this.remove(entry);
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
  public synchronized Optional<GroupLimits> groupLimits(String group) {
    return Optional.ofNullable(limits.own.get(group));
  }

  @Override
  public synchronized void setGroupLimits(String group, Optional<GroupLimits> own) {
    limits.set(group, own);
  }

  @Override
  public synchronized Page<JobGroup> groups(Optional<String> cursor, int limit) {
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

  @Override
  public synchronized int drain(JobState state) {
    List<Entry> gone =
        shelves.of(state).stream()
            .filter(entry -> entry.schedulerId.isEmpty())
            .limit(BATCH)
            .toList();
    gone.forEach(this::remove);
    return gone.size();
  }

  @Override
  public synchronized List<String> clean(JobState state, Instant before, int limit) {
    List<Entry> gone =
        shelves.of(state).stream()
            .filter(entry -> !entry.finishedAt.orElse(entry.createdAt).isAfter(before))
            .filter(entry -> entry.state.finished() || entry.schedulerId.isEmpty())
            .limit(limit)
            .toList();
    gone.forEach(this::remove);
    return gone.stream().map(entry -> entry.id).toList();
  }

  @Override
  public synchronized int removeAny() {
    List<Entry> gone = entries.values().stream().limit(BATCH).toList();
    gone.forEach(this::remove);
    return gone.size();
  }

  @Override
  public synchronized void removeSettings() {
    limits.clear();
    deduplications.clear();
    schedulers.clear();
  }

  @Override
  public synchronized int retryAll(JobState state, Instant before) {
    List<Entry> again =
        shelves.of(state).stream()
            .takeWhile(entry -> !entry.finishedAt.orElse(Instant.MAX).isAfter(before))
            .limit(BATCH)
            .toList();
    again.forEach(entry -> change(entry, Entry::waits));
    return again.size();
  }

  @Override
  public synchronized int promoteAll() {
    List<Entry> due = shelves.of(JobState.DELAYED).stream().limit(BATCH).toList();
    due.forEach(entry -> change(entry, Entry::waits));
    return due.size();
  }
}
