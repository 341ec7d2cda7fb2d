package dev.mainstay.queue.redis;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.DependencyState;
import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobGroup;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.QueueEvents;
import dev.mainstay.queue.QueueMetrics;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.Schedule;
import dev.mainstay.queue.UnsupportedFeatureException;
import dev.mainstay.queue.WorkerInfo;
import dev.mainstay.queue.spi.Change;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Exchange;
import dev.mainstay.queue.spi.FlowJob;
import dev.mainstay.queue.spi.Outlook;
import dev.mainstay.queue.spi.Presence;
import dev.mainstay.queue.spi.QueueStore;
import dev.mainstay.queue.spi.Settings;
import dev.mainstay.queue.spi.StoredScheduler;
import dev.mainstay.queue.spi.Subscription;
import dev.mainstay.queue.spi.Target;
import dev.mainstay.queue.spi.Turn;
import dev.mainstay.queue.spi.Unheard;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A queue of BullMQ's in Redis; each operation is one script. */
final class RedisStore implements QueueStore {
  private final String queue;
  private final QueueLink link;
  private final QueueMeta meta;
  private final Jobs jobs;
  private final JobList lists;
  private final Schedulers schedulers;
  private final Leases leases;
  private final Flows flows;
  private final Events events;
  private final Metrics metrics;
  private final Workers workers;

  private volatile boolean introduced;
  private volatile @Nullable Markers markers;

  RedisStore(String queue, RedisConnections connections, RedisOptions options) {
    this.queue = queue;
    link = QueueLink.of(queue, connections, options);
    meta = new QueueMeta(link);
    jobs = new Jobs(link);
    lists = new JobList(link);
    schedulers = new Schedulers(link);
    leases = new Leases(link, schedulers);
    flows = new Flows(connections, options);
    events = new Events(link);
    metrics = new Metrics(link);
    workers = new Workers(link);
  }

  @Override
  public String queue() {
    return queue;
  }

  @Override
  public Subscription listen(String workerId, Runnable heard, BooleanSupplier idle) {
    Markers opened = new Markers(link, queue, workerId, heard, idle);
    markers = opened;
    Subscription subscription = opened.start();
    return () -> {
      subscription.close();
      markers = null;
    };
  }

  /** What workers and their jobs ask for. */
  private <T> T patiently(Supplier<T> work) {
    return link.connections().patiently(work);
  }

  private void introduce() {
    if (!introduced) {
      meta.introduce();
      introduced = true;
    }
  }

  @Override
  public void check(JobRequest request) {
    Adding.check(request);
  }

  @Override
  public List<Job> add(List<JobRequest> requests, Instant now) {
    introduce();
    return jobs.add(requests, now);
  }

  @Override
  public Optional<Job> find(String id) {
    return jobs.find(id);
  }

  @Override
  public Page<Job> list(JobState state, Optional<String> cursor, int limit) {
    return lists.list(state, cursor, limit);
  }

  @Override
  public Map<JobState, Long> counts() {
    return jobs.counts();
  }

  @Override
  public Exchange exchange(Turn turn) {
    introduce();
    Exchange exchange = patiently(() -> leases.exchange(turn));
    if (exchange.claimed().size() < turn.capacity() && !exchange.outlook().waiting()) {
      want();
    }
    return exchange;
  }

  @Override
  public Outlook outlook() {
    Markers waiting = markers;
    if (waiting != null && waiting.take()) {
      return new Outlook(true, Long.MAX_VALUE);
    }
    Outlook outlook = patiently(leases::outlook);
    if (!outlook.waiting()) {
      want();
    }
    return outlook;
  }

  /** A worker is free: markers are for it. */
  private void want() {
    Markers waiting = markers;
    if (waiting != null) {
      waiting.want();
    }
  }

  @Override
  public List<Boolean> renew(List<Claimed> renewed, Instant until) {
    return patiently(() -> leases.renew(renewed));
  }

  @Override
  public Map<Long, String> cancellations(String workerId) {
    return patiently(() -> leases.cancellations(workerId));
  }

  @Override
  public void announce(Presence worker, Instant now) {
    workers.announce(worker, now);
  }

  @Override
  public void withdraw(String id) {
    workers.withdraw(id);
  }

  @Override
  public Page<WorkerInfo> workers(Optional<String> cursor, int limit, Instant now) {
    return workers.list(cursor, limit, now);
  }

  @Override
  public int takeOver(String workerId, Instant now) {
    return patiently(() -> leases.takeOver(workerId, now));
  }

  @Override
  public int giveBack(Unheard unheard, Instant now) {
    return patiently(() -> leases.giveBack(unheard.workerId(), now));
  }

  /** BullMQ's script removes what is not kept as a job finishes. */
  @Override
  public int prune(JobState state, Retention kept, Instant now) {
    return 0;
  }

  @Override
  public Change remove(String id, Instant now) {
    jobs.unstarted(id).ifPresent(hash -> schedulers.started(hash, now));
    return jobs.remove(id);
  }

  @Override
  public Change cancel(String id, String reason, Instant now) {
    jobs.unstarted(id).ifPresent(hash -> schedulers.started(hash, now));
    return jobs.cancel(id, reason, now);
  }

  @Override
  public Change retry(String id, Instant now) {
    return jobs.retry(id, now);
  }

  @Override
  public Change promote(String id, Instant now) {
    return jobs.promote(id);
  }

  @Override
  public Change changeDelay(String id, Instant runAt, Instant now) {
    return jobs.changeDelay(id, runAt);
  }

  @Override
  public Change changePriority(String id, int priority, boolean lifo) {
    return jobs.changePriority(id, priority, lifo);
  }

  @Override
  public Change updateData(Target target, String data) {
    return patiently(() -> jobs.update(target, "data", data));
  }

  @Override
  public Change updateProgress(Target target, String progress, Instant now) {
    return patiently(() -> jobs.update(target, "progress", progress));
  }

  @Override
  public Change log(Target target, String line, Instant now) {
    return patiently(() -> jobs.update(target, "log", line));
  }

  @Override
  public List<String> logs(String id, int offset, int limit) {
    return jobs.logs(id, offset, limit);
  }

  @Override
  public Optional<List<Optional<Job>>> addChildren(
      Claimed parent, List<FlowJob> children, Instant now) {
    return patiently(() -> flows.addChildren(link, parent, children, now));
  }

  @Override
  public Page<Dependency> dependencies(String id, Optional<String> cursor, int limit) {
    return flows.dependencies(link, id, cursor, limit);
  }

  @Override
  public Map<DependencyState, Long> countDependencies(String id) {
    return flows.count(link, id);
  }

  @Override
  public QueueEvents events(String cursor, int limit) {
    return events.after(cursor, limit);
  }

  /** BullMQ's scripts keep the stream short. */
  @Override
  public int pruneEvents() {
    return 0;
  }

  @Override
  public void addMetrics(List<QueueMetrics> more) {
    metrics.add(more);
  }

  @Override
  public List<QueueMetrics> metrics(Instant from, Instant to) {
    return metrics.between(from, to);
  }

  @Override
  public Settings settings() {
    return meta.settings();
  }

  @Override
  public void configure(UnaryOperator<Settings> change, Instant now) {
    introduce();
    meta.configure(change);
  }

  /** There is no limit of units here. */
  @Override
  public Optional<Instant> reserve(String group, long units, Instant now) {
    return Optional.empty();
  }

  @Override
  public void correct(String group, long units, Instant at, Instant now) {
    // Nothing is counted.
  }

  @Override
  public Optional<Job> deduplicated(String id, Instant now) {
    return jobs.deduplicated(id);
  }

  @Override
  public boolean removeDeduplication(String id) {
    return jobs.removeDeduplication(id);
  }

  @Override
  public StoredScheduler upsertScheduler(
      String id, Schedule schedule, JobRequest template, Instant now) {
    introduce();
    check(template);
    return schedulers.upsert(id, schedule, template, now);
  }

  @Override
  public Optional<StoredScheduler> scheduler(String id) {
    return schedulers.find(id);
  }

  @Override
  public Page<StoredScheduler> schedulers(Optional<String> cursor, int limit) {
    return schedulers.list(cursor, limit);
  }

  @Override
  public boolean removeScheduler(String id, Instant now) {
    return schedulers.remove(id);
  }

  @Override
  public Optional<GroupLimits> groupLimits(String group) {
    return Optional.empty();
  }

  @Override
  public void setGroupLimits(String group, Optional<GroupLimits> limits) {
    throw new UnsupportedFeatureException("Limits of groups", QueueMeta.ENGINE);
  }

  @Override
  public Page<JobGroup> groups(Optional<String> cursor, int limit) {
    return new Page<>(List.of(), Optional.empty());
  }

  @Override
  public int drain(JobState state, Instant now) {
    return clean(state, Long.MAX_VALUE / 2, BATCH, "").size();
  }

  @Override
  public List<String> clean(JobState state, Instant before, int limit, Instant now) {
    return clean(state, before.toEpochMilli(), limit, "1");
  }

  private List<String> clean(JobState state, long before, int limit, String telling) {
    List<String> removed = new ArrayList<>();
    for (String key : JobList.keys(state)) {
      if (removed.size() < limit) {
        removed.addAll(
            Reply.texts(link.run(Script.CLEAN, key, before, limit - removed.size(), telling)));
      }
    }
    return removed;
  }

  @Override
  public int removeAny(Instant now) {
    Object left =
        link.runOn(
            List.of(link.keys().key("meta"), link.keys().base()), Script.OBLITERATE, BATCH, "1");
    return Reply.number(left) == 1 ? BATCH : 0;
  }

  @Override
  public void removeSettings() {
    meta.remove();
    introduced = false;
  }

  @Override
  public int retryAll(JobState state, Instant before, Instant now) {
    String key = state == JobState.FAILED ? "failed" : "completed";
    return (int)
        Reply.number(
            link.run(Script.RETRY_ALL, key, before.toEpochMilli(), BATCH, now.toEpochMilli()));
  }

  @Override
  public int promoteAll(Instant now) {
    return (int) Reply.number(link.run(Script.PROMOTE_ALL, BATCH));
  }
}
