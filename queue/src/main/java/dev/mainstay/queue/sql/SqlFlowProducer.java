package dev.mainstay.queue.sql;

import dev.mainstay.queue.Flow;
import dev.mainstay.queue.FlowNode;
import dev.mainstay.queue.TransactionalFlowProducer;
import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.runtime.FlowTree;
import dev.mainstay.queue.runtime.StoreFlowProducer;
import dev.mainstay.queue.spi.FlowJob;
import java.sql.Connection;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Adds flows to any queues in the tables of a database. Failures are as in {@link SqlTaskQueue}.
 */
public final class SqlFlowProducer extends StoreFlowProducer implements TransactionalFlowProducer {
  private final SqlFlowStore store;
  private final InstantSource clock;
  private final Signals signals;

  public SqlFlowProducer(Transactions transactions, InstantSource clock, Dialect dialect) {
    this(transactions, clock, dialect, Signals.LOCAL);
  }

  /**
   * @param signals as those of the queues
   */
  public SqlFlowProducer(
      Transactions transactions, InstantSource clock, Dialect dialect, Signals signals) {
    this(transactions, clock, dialect, signals, true);
  }

  /**
   * @param events false if this object is not to store what happens
   */
  public SqlFlowProducer(
      Transactions transactions,
      InstantSource clock,
      Dialect dialect,
      Signals signals,
      boolean events) {
    this(new SqlFlowStore(transactions, dialect, signals, events), clock, signals);
  }

  private SqlFlowProducer(SqlFlowStore store, InstantSource clock, Signals signals) {
    super(store, clock);
    this.store = store;
    this.clock = clock;
    this.signals = signals;
  }

  @Override
  public List<FlowNode> addBulk(Connection transaction, List<Flow> flows) {
    Instant now = clock.instant();
    List<FlowJob> jobs = FlowTree.jobs(flows, false, now);
    return FlowTree.nodes(jobs, store.add(transaction, jobs, now));
  }

  @Override
  public void wake(List<FlowNode> flows) {
    Set<String> queues = new TreeSet<>();
    Deque<FlowNode> open = new ArrayDeque<>(flows);
    while (!open.isEmpty()) {
      FlowNode node = open.remove();
      queues.add(node.queue());
      open.addAll(node.children());
    }
    queues.forEach(signals::send);
  }
}
