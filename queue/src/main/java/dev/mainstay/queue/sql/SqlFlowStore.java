package dev.mainstay.queue.sql;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.spi.FlowJob;
import dev.mainstay.queue.spi.FlowStore;
import java.sql.Connection;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** All queues in the tables of a database. */
final class SqlFlowStore implements FlowStore {
  private final Transactions transactions;
  private final Writes writes;
  private final Statements statements;
  private final FlowTable flows;
  private final FlowInserts inserts;

  SqlFlowStore(Transactions transactions, Dialect dialect, Signals signals, boolean events) {
    this.transactions = transactions;
    this.writes = new Writes(transactions, signals, new EventTable(dialect), events);
    this.statements = new Statements(dialect);
    this.flows = new FlowTable(statements);
    this.inserts = new FlowInserts(statements, flows);
  }

  /** As {@link #add}, as part of the caller's transaction. */
  List<Optional<Job>> add(Connection transaction, List<FlowJob> jobs, Instant now) {
    return SqlTaskQueue.within(
        writes,
        transaction,
        now,
        (connection, effects) -> inserts.add(connection, jobs, now, effects));
  }

  @Override
  public List<Optional<Job>> add(List<FlowJob> jobs, Instant now) {
    return writes.run(now, (connection, effects) -> inserts.add(connection, jobs, now, effects));
  }

  @Override
  public Optional<Job> find(JobKey job) {
    return transactions.read(
        connection -> new JobTable(job.queue(), statements, flows).find(connection, job.id()));
  }

  @Override
  public Page<Dependency> dependencies(JobKey parent, Optional<String> cursor, int limit) {
    return transactions.read(connection -> FlowTable.list(connection, parent, cursor, limit));
  }
}
