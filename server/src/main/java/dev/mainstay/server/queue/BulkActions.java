package dev.mainstay.server.queue;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.TransactionalTaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.NodeId;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Page;
import dev.mainstay.server.schema.tables.records.BulkActionsRecord;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What is done to all jobs of a queue that match, however many: it goes on by itself, also after
 * the death of a server.
 */
public final class BulkActions {
  /** Unfinished ones of one queue. */
  static final int MAX_UNFINISHED = 5;

  /** The newest of a queue that are kept. */
  private static final int KEPT = 100;

  /** How many run at once here. */
  private static final int SLOTS = 2;

  /** A server may die for other reasons than the action that it runs. */
  private static final int MAX_STALLED = 20;

  /** The last one is some 17 minutes after the first. */
  private static final int ATTEMPTS = 10;

  private static final Backoff BACKOFF = Backoff.exponential(Duration.ofSeconds(2));

  private final Database database;
  private final Queues queues;
  private final TransactionalTaskQueue jobs;
  private final InstantSource clock;
  private final BulkActionStore store = new BulkActionStore();
  private final BulkActionRunner runner;

  /**
   * @param jobs one for each action
   */
  public BulkActions(
      Database database, Queues queues, TransactionalTaskQueue jobs, InstantSource clock) {
    this.database = database;
    this.queues = queues;
    this.jobs = jobs;
    this.clock = clock;
    this.runner = new BulkActionRunner(database, queues, store, clock);
  }

  public List<Endpoint<?>> endpoints() {
    return new BulkActionEndpoints(this).list();
  }

  /**
   * Takes over what this node had when it died, and starts to run bulk actions.
   *
   * @param lease how long one stays here without a sign of life
   */
  public Worker work(NodeId node, Duration lease) {
    if (node.regained()) {
      jobs.takeOver(node.value());
    }
    return jobs.work(
        WorkerOptions.of(node.value(), SLOTS).withLease(lease).withMaxStalled(MAX_STALLED),
        runner::handle);
  }

  /**
   * @throws ProblemException 400, 404 if there is no such queue, 409 if too many are unfinished
   */
  BulkActionView create(Tx tx, QueueName queue, NewBulkAction body, String userId) {
    body.check();
    queues.require(tx, queue);
    if (store.countUnfinished(tx, queue) >= MAX_UNFINISHED) {
      throw ProblemException.conflict(
          "too-many-bulk-actions",
          "A queue may have %d bulk actions that are not finished".formatted(MAX_UNFINISHED));
    }
    store.prune(tx, queue, KEPT - 1);
    Instant now = clock.instant();
    BulkActionsRecord row = new BulkActionsRecord();
    row.setId(Ids.next());
    row.setOrganizationId(queue.organizationId());
    row.setQueue(queue.name());
    row.setAction(body.action().word());
    row.setState(body.state().word());
    row.setName(body.name());
    row.setText(body.text());
    row.setReason(body.reason());
    row.setStatus(BulkActionStatus.QUEUED.word());
    row.setToken(-1L);
    row.setScanned(0L);
    row.setChanged(0L);
    row.setSkipped(0L);
    row.setCreatedBy(userId);
    row.setCreatedAt(now);
    store.insert(tx, row);
    JobRequest request =
        JobRequest.of("bulk-action", "null")
            .with(job -> job.id(row.getId()).attempts(ATTEMPTS, BACKOFF));
    // The queue of bulk actions is the server's own.
    Job unused = tx.asServer(() -> jobs.add(tx.connection(), request));
    tx.afterCommit(jobs::wake);
    return view(row);
  }

  /**
   * @throws ProblemException 404
   */
  BulkActionView find(QueueName queue, String id) {
    return database
        .read(sql -> store.find(sql, queue, id))
        .map(BulkActions::view)
        .orElseThrow(() -> ProblemException.notFound("bulk action"));
  }

  /**
   * Newest first.
   *
   * @throws ProblemException 404 if there is no such queue
   */
  Page<BulkActionView> list(QueueName queue, Optional<String> before, int limit) {
    queues.open(queue);
    List<BulkActionsRecord> rows = database.read(sql -> store.list(sql, queue, before, limit + 1));
    return Page.of(rows, limit, BulkActions::view, BulkActionsRecord::getId);
  }

  /**
   * No more jobs are changed, but for those that it has in its hands.
   *
   * @throws ProblemException 404, 409 if it is finished
   */
  BulkActionView cancel(QueueName queue, String id) {
    boolean canceled = database.write(tx -> store.cancel(tx, queue, id, clock.instant()));
    BulkActionView action = find(queue, id);
    if (!canceled) {
      throw ProblemException.conflict(
          "bulk-action-status", "It is %s".formatted(action.status().word()));
    }
    return action;
  }

  private static BulkActionView view(BulkActionsRecord row) {
    return new BulkActionView(
        row.getId(),
        row.getQueue(),
        BulkActionType.of(row.getAction()),
        JobStateName.find(row.getState()).orElseThrow(),
        row.getName(),
        row.getText(),
        row.getReason(),
        BulkActionStatus.of(row.getStatus()),
        row.getTotal(),
        row.getScanned(),
        row.getChanged(),
        row.getSkipped(),
        row.getError(),
        row.getCreatedBy(),
        row.getCreatedAt(),
        row.getStartedAt(),
        row.getFinishedAt());
  }
}
