package dev.mainstay.server.queue;

import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.TransactionalFlowProducer;
import dev.mainstay.queue.TransactionalTaskQueue;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Page;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;

/** The queues of all organizations, of which each sees its own alone. */
public final class Queues implements AutoCloseable {
  /** Queues of one organization. */
  static final int MAX_QUEUES = 1000;

  private final Database database;
  private final InstantSource clock;
  private final Function<String, TransactionalTaskQueue> engine;
  private volatile boolean stopping;
  private final TransactionalFlowProducer flows;
  private final Optional<ExistingQueues> existing;
  private final QueueNameStore names = new QueueNameStore();

  /** One object for each queue in use, so that who adds a job wakes the workers of this process. */
  private final Map<QueueName, TransactionalTaskQueue> open = new ConcurrentHashMap<>();

  /** Stands for all of them where their names do not matter. */
  private final TransactionalTaskQueue any;

  /**
   * @param engine makes the queue of a name in the store
   * @param flows adds flows to the queues of the store
   * @param existing queues that other programs may have made in the store
   */
  public Queues(
      Database database,
      InstantSource clock,
      Function<String, TransactionalTaskQueue> engine,
      TransactionalFlowProducer flows,
      Optional<ExistingQueues> existing) {
    this.flows = flows;
    this.existing = existing;
    this.database = database;
    this.clock = clock;
    this.engine = engine;
    this.any = engine.apply("any");
  }

  /** Streams of events end, within a second, so that those who stop the server need not wait. */
  @Override
  public void close() {
    stopping = true;
  }

  boolean stopping() {
    return stopping;
  }

  public List<Endpoint<?>> endpoints() {
    List<Endpoint<?>> all = new ArrayList<>(new QueueEndpoints(this, clock).list());
    all.addAll(new LimitEndpoints(this).list());
    all.addAll(new SchedulerEndpoints(this, clock).list());
    all.addAll(new FlowEndpoints(this).list());
    all.addAll(new ObservationEndpoints(this, clock).list());
    return all;
  }

  /**
   * @throws ProblemException 404 if there is no such queue
   */
  public TransactionalTaskQueue open(QueueName queue) {
    QueueNameStore.Row unused = require(queue);
    return engine(queue);
  }

  /** As {@link #open(QueueName)}, and makes the queue if there is none. */
  public TransactionalTaskQueue openOrCreate(QueueName queue) {
    database.execute(tx -> create(tx, queue));
    return engine(queue);
  }

  /** As {@link #openOrCreate(QueueName)}, within a transaction. */
  TransactionalTaskQueue openOrCreate(Tx tx, QueueName queue) {
    create(tx, queue);
    return engine(queue);
  }

  /**
   * @throws ProblemException 404 if there is no such queue
   */
  void require(Tx tx, QueueName queue) {
    if (names.find(tx.sql(), queue).isEmpty()) {
      requireExisting(queue);
      create(tx, queue);
    }
  }

  private TransactionalTaskQueue engine(QueueName queue) {
    return open.computeIfAbsent(queue, name -> engine.apply(name.stored()));
  }

  /**
   * Removes a queue with all its jobs.
   *
   * @param force true to remove active jobs too
   * @throws ProblemException 404 if there is no such queue, 409 if jobs are active
   */
  public void remove(QueueName queue, boolean force) {
    try {
      open(queue).obliterate(force);
    } catch (IllegalStateException e) {
      throw ProblemException.conflict(
          "queue-busy", Optional.ofNullable(e.getMessage()).orElse("Its jobs are active"));
    }
    database.execute(tx -> names.delete(tx, queue));
    open.remove(queue);
  }

  /**
   * Refuses a job that the store cannot have.
   *
   * @param path where the job stands in the body: empty, or up to a dot
   * @throws ProblemException 400 naming the field
   */
  void check(String path, JobRequest request) {
    Fields.checked(
        path + "opts.jobId",
        () -> {
          any.check(request);
          return request;
        });
  }

  TransactionalFlowProducer flows() {
    return flows;
  }

  /** Tells the workers of this process that a queue may have something to do. */
  void wake(QueueName queue) {
    engine(queue).wake();
  }

  private void create(Tx tx, QueueName queue) {
    if (names.find(tx.sql(), queue).isPresent()) {
      return;
    }
    if (names.count(tx, queue.organizationId()) >= MAX_QUEUES) {
      throw ProblemException.conflict(
          "too-many-queues", "An organization may have " + MAX_QUEUES + " queues");
    }
    names.insert(tx, queue, clock.instant());
  }

  /**
   * @throws ProblemException 404 if there is no such queue
   */
  public QueueView find(QueueName queue) {
    return view(queue.organizationId(), require(queue));
  }

  private QueueNameStore.Row require(QueueName queue) {
    return database
        .read(sql -> names.find(sql, queue))
        .orElseGet(
            () -> {
              requireExisting(queue);
              database.execute(tx -> create(tx, queue));
              return database.read(sql -> names.find(sql, queue)).orElseThrow();
            });
  }

  /** One that BullMQ's clients have made is ours as soon as somebody asks for it. */
  private void requireExisting(QueueName queue) {
    if (existing.filter(there -> there.exists(queue)).isEmpty()) {
      throw ProblemException.notFound("queue");
    }
  }

  /** Takes up the queues that BullMQ's clients have made, so that lists have them. */
  public void discover() {
    existing.ifPresent(
        there -> {
          String organization = there.organizationId();
          Set<String> found = there.names(MAX_QUEUES);
          Set<String> known = new HashSet<>();
          database
              .read(sql -> names.list(sql, organization, "", MAX_QUEUES))
              .forEach(row -> known.add(row.name()));
          found.removeAll(known);
          int room = Math.max(0, MAX_QUEUES - known.size());
          found.stream()
              .sorted()
              .limit(room)
              .forEach(
                  name -> database.execute(tx -> create(tx, new QueueName(organization, name))));
        });
  }

  /** The queues of an organization, by name. */
  public Page<QueueView> list(String organizationId, String after, int limit) {
    List<QueueNameStore.Row> rows =
        database.read(sql -> names.list(sql, organizationId, after, limit + 1));
    return Page.of(rows, limit, row -> view(organizationId, row), QueueNameStore.Row::name);
  }

  private QueueView view(String organizationId, QueueNameStore.Row row) {
    return QueueView.of(
        row.name(), row.createdAt(), engine(new QueueName(organizationId, row.name())));
  }

  /** Runs a search through jobs, as few as {@link Database#searching} lets at a time. */
  <T> T searching(String organizationId, Supplier<T> search) {
    return database.searching(organizationId, search);
  }
}
