package dev.mainstay.queue.sql;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.DependencyState;
import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobGroup;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.QueueEventType;
import dev.mainstay.queue.QueueEvents;
import dev.mainstay.queue.QueueMetrics;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.Schedule;
import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.WorkerInfo;
import dev.mainstay.queue.spi.Change;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Event;
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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;

/** A queue in the tables of a database: each operation is one transaction. */
final class SqlStore implements QueueStore {
  private final String queue;
  private final Transactions transactions;
  private final JobTable jobs;
  private final LeaseTable leases;
  private final ControlTable control;
  private final SettingsTable settings;
  private final DeduplicationTable deduplications;
  private final GroupTable groups;
  private final RateTable rates;
  private final UnitTable units;
  private final SchedulerTable schedulers;
  private final Signals signals;
  private final FlowInserts flows;
  private final Writes writes;
  private final EventTable events;

  /** Whether a job can be added with one statement. */
  private final boolean quick;

  private final Optional<Vacuum> vacuum;
  private final MetricsTable metrics;
  private final WorkerTable workers;

  /**
   * @param storing false if no events are to be stored
   */
  SqlStore(
      String queue, Transactions transactions, Dialect dialect, Signals signals, boolean storing) {
    this.signals = signals;
    Statements statements = new Statements(dialect);
    this.queue = queue;
    this.transactions = transactions;
    FlowTable flows = new FlowTable(statements);
    this.flows = new FlowInserts(statements, flows);
    this.quick = dialect.changesInParts();
    this.vacuum = dialect.needsVacuum() ? Optional.of(new Vacuum(transactions)) : Optional.empty();
    this.events = new EventTable(dialect);
    this.writes = new Writes(transactions, signals, events, storing);
    this.metrics = new MetricsTable(queue, statements);
    this.workers = new WorkerTable(queue, dialect);
    this.jobs = new JobTable(queue, statements, flows);
    this.deduplications = jobs.deduplications();
    this.settings = new SettingsTable(queue, statements);
    this.groups = new GroupTable(queue);
    this.rates = new RateTable(queue);
    this.units = new UnitTable(settings, groups, rates);
    ClaimTable claims = new ClaimTable(queue, statements, settings, groups, rates);
    this.schedulers = new SchedulerTable(queue, statements, jobs);
    this.leases =
        new LeaseTable(
            queue, statements, settings, claims, groups, deduplications, schedulers, flows);
    this.control = new ControlTable(queue, statements, jobs, schedulers, flows);
  }

  @Override
  public String queue() {
    return queue;
  }

  @Override
  public void signal() {
    signals.send(queue);
  }

  @Override
  public Subscription listen(Runnable heard) {
    return signals.listen(queue, heard);
  }

  @Override
  public List<Job> add(List<JobRequest> requests, Instant now) {
    return addAlone(requests, now)
        .map(List::of)
        .orElseGet(
            () ->
                writes.run(
                    now, (connection, effects) -> jobs.add(connection, requests, now, effects)));
  }

  /** Most jobs come one by one, and are new. */
  private Optional<Job> addAlone(List<JobRequest> requests, Instant now) {
    return quick && requests.size() == 1 && JobTable.alone(requests.getFirst())
        ? writes.one(queue, connection -> jobs.addAlone(connection, requests.getFirst(), now))
        : Optional.empty();
  }

  @Override
  public Optional<Job> find(String id) {
    return transactions.read(connection -> jobs.find(connection, id));
  }

  @Override
  public Page<Job> list(JobState state, Optional<String> cursor, int limit) {
    return transactions.read(connection -> jobs.list(connection, state, cursor, limit));
  }

  @Override
  public Map<JobState, Long> counts() {
    return transactions.read(jobs::counts);
  }

  @Override
  public Exchange exchange(Turn turn) {
    // Jobs that have got a parent while they were active are rare enough to be told by a failure.
    AtomicBoolean again = new AtomicBoolean();
    Exchange exchange =
        writes.run(
            turn.now(),
            (connection, effects) ->
                leases.exchange(connection, turn, again.getAndSet(true), effects));
    vacuum.ifPresent(after -> after.ended(turn.settlements().size()));
    return exchange;
  }

  @Override
  public Outlook outlook() {
    return transactions.read(leases::outlook);
  }

  @Override
  public List<Boolean> renew(List<Claimed> renewed, Instant until) {
    return transactions.write(connection -> leases.renew(connection, renewed, until));
  }

  @Override
  public Map<Long, String> cancellations(String workerId) {
    return transactions.read(connection -> leases.cancellations(connection, workerId));
  }

  @Override
  public void announce(Presence worker, Instant now) {
    transactions.write(connection -> workers.put(connection, worker, now));
  }

  @Override
  public void withdraw(String id) {
    transactions.write(connection -> workers.remove(connection, id));
  }

  @Override
  public Page<WorkerInfo> workers(Optional<String> cursor, int limit, Instant now) {
    return transactions.read(connection -> workers.list(connection, cursor, limit, now));
  }

  @Override
  public int takeOver(String workerId, Instant now) {
    return writes.run(
        now, (connection, effects) -> leases.takeOver(connection, workerId, now, effects));
  }

  @Override
  public int giveBack(Unheard unheard, Instant now) {
    return writes.run(
        now, (connection, effects) -> leases.giveBack(connection, unheard, now, effects));
  }

  @Override
  public int prune(JobState state, Retention kept, Instant now) {
    return writes.run(
        now,
        (connection, effects) -> {
          deduplications.sweep(connection, now, effects);
          return leases.prune(connection, state, kept, now);
        });
  }

  @Override
  public Change remove(String id, Instant now) {
    return writes.run(now, (connection, effects) -> control.remove(connection, id, now, effects));
  }

  @Override
  public Change cancel(String id, String reason, Instant now) {
    return writes.run(
        now, (connection, effects) -> control.cancel(connection, id, reason, now, effects));
  }

  @Override
  public Change retry(String id, Instant now) {
    return writes.run(now, (connection, effects) -> control.retry(connection, id, effects));
  }

  @Override
  public Change promote(String id, Instant now) {
    return writes.run(now, (connection, effects) -> control.promote(connection, id, effects));
  }

  @Override
  public Change changeDelay(String id, Instant runAt, Instant now) {
    return writes.run(
        now, (connection, effects) -> control.changeDelay(connection, id, runAt, effects));
  }

  @Override
  public Change changePriority(String id, int priority, boolean lifo) {
    return transactions.write(connection -> control.changePriority(connection, id, priority, lifo));
  }

  @Override
  public Change updateData(Target target, String data) {
    return transactions.write(connection -> control.updateData(connection, target, data));
  }

  @Override
  public Change updateProgress(Target target, String progress, Instant now) {
    return writes.run(
        now,
        (connection, effects) -> control.updateProgress(connection, target, progress, effects));
  }

  @Override
  public Change log(Target target, String line, Instant now) {
    return transactions.write(connection -> control.log(connection, target, line, now));
  }

  @Override
  public List<String> logs(String id, int offset, int limit) {
    return transactions.read(connection -> control.logs(connection, id, offset, limit));
  }

  @Override
  public Optional<List<Optional<Job>>> addChildren(
      Claimed parent, List<FlowJob> added, Instant now) {
    return writes.run(
        now,
        (connection, effects) -> flows.addChildren(connection, queue, parent, added, now, effects));
  }

  @Override
  public Page<Dependency> dependencies(String id, Optional<String> cursor, int limit) {
    JobKey parent = new JobKey(queue, id);
    return transactions.read(connection -> FlowTable.list(connection, parent, cursor, limit));
  }

  @Override
  public Map<DependencyState, Long> countDependencies(String id) {
    JobKey parent = new JobKey(queue, id);
    return transactions.read(connection -> FlowTable.count(connection, parent));
  }

  @Override
  public QueueEvents events(String cursor, int limit) {
    return transactions.read(connection -> events.read(connection, queue, cursor, limit));
  }

  @Override
  public Subscription listenEvents(Runnable heard) {
    Subscription own = Writes.listen(queue, heard);
    Subscription others = signals.listen(queue, heard);
    return () -> {
      own.close();
      others.close();
    };
  }

  @Override
  public int pruneEvents() {
    return transactions.write(connection -> events.prune(connection, queue));
  }

  @Override
  public void addMetrics(List<QueueMetrics> more) {
    transactions.write(connection -> metrics.add(connection, more));
  }

  @Override
  public List<QueueMetrics> metrics(Instant from, Instant to) {
    return transactions.read(connection -> metrics.list(connection, from, to));
  }

  @Override
  public Settings settings() {
    return transactions.read(settings::get).settings();
  }

  @Override
  public void configure(UnaryOperator<Settings> change, Instant now) {
    writes.run(
        now,
        (connection, effects) -> {
          boolean before = settings.get(connection).settings().paused();
          settings.change(connection, change);
          groups.unblockAll(connection);
          boolean after = settings.get(connection).settings().paused();
          if (before != after) {
            QueueEventType type = after ? QueueEventType.PAUSED : QueueEventType.RESUMED;
            effects.happens(queue, Event.ofQueue(type));
          }
          return change;
        });
  }

  @Override
  public Optional<Instant> reserve(String group, long wanted, Instant now) {
    return transactions.write(connection -> units.reserve(connection, group, wanted, now));
  }

  @Override
  public void correct(String group, long used, Instant at, Instant now) {
    transactions.write(connection -> units.correct(connection, group, used, at, now));
  }

  @Override
  public StoredScheduler upsertScheduler(
      String id, Schedule schedule, JobRequest template, Instant now) {
    return writes.run(
        now,
        (connection, effects) ->
            schedulers.upsert(connection, id, schedule, template, now, effects));
  }

  @Override
  public Optional<StoredScheduler> scheduler(String id) {
    return transactions.read(connection -> schedulers.find(connection, id));
  }

  @Override
  public Page<StoredScheduler> schedulers(Optional<String> cursor, int limit) {
    return transactions.read(connection -> schedulers.list(connection, cursor, limit));
  }

  @Override
  public boolean removeScheduler(String id, Instant now) {
    return writes.run(now, (connection, effects) -> schedulers.remove(connection, id, effects));
  }

  @Override
  public Optional<Job> deduplicated(String id, Instant now) {
    return transactions.read(connection -> deduplications.holder(connection, id, now));
  }

  @Override
  public boolean removeDeduplication(String id) {
    return transactions.write(connection -> deduplications.free(connection, id));
  }

  @Override
  public Optional<GroupLimits> groupLimits(String group) {
    return transactions.read(connection -> groups.own(connection, group));
  }

  @Override
  public void setGroupLimits(String group, Optional<GroupLimits> limits) {
    transactions.write(
        connection -> {
          settings.make(connection);
          settings.lock(connection);
          return groups.setOwn(connection, group, limits);
        });
  }

  @Override
  public Page<JobGroup> groups(Optional<String> cursor, int limit) {
    return transactions.read(connection -> groups.list(connection, cursor, limit));
  }

  @Override
  public int drain(JobState state, Instant now) {
    return writes.run(now, (connection, effects) -> control.drain(connection, state, now, effects));
  }

  @Override
  public List<String> clean(JobState state, Instant before, int limit, Instant now) {
    return writes.run(
        now,
        (connection, effects) -> control.clean(connection, state, before, limit, now, effects));
  }

  @Override
  public int removeAny(Instant now) {
    return writes.run(now, (connection, effects) -> control.removeAny(connection, now, effects));
  }

  @Override
  public void removeSettings() {
    transactions.write(
        connection ->
            events.removeAll(connection, queue)
                + metrics.removeAll(connection)
                + workers.removeAll(connection)
                + rates.remove(connection)
                + groups.removeAll(connection)
                + deduplications.removeAll(connection)
                + schedulers.removeAll(connection)
                + settings.remove(connection));
  }

  @Override
  public int retryAll(JobState state, Instant before, Instant now) {
    return writes.run(
        now, (connection, effects) -> control.retryAll(connection, state, before, effects));
  }

  @Override
  public int promoteAll(Instant now) {
    return writes.run(now, control::promoteAll);
  }
}
