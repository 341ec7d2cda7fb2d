package dev.mainstay.queue.contract;

import dev.mainstay.queue.Worker;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

/**
 * The contract of {@link dev.mainstay.queue.TaskQueue}. An engine's test extends it and says how to
 * open a node on a store that is fresh for each test.
 */
public abstract class TaskQueueContract
    implements OrderContract,
        RetryContract,
        RetentionContract,
        LeaseContract,
        ClosingContract,
        LimitsContract,
        LoadContract,
        AttemptContract,
        ControlContract,
        SignalContract,
        SettingsContract,
        GroupContract,
        RateContract,
        DeduplicationContract,
        SchedulerContract,
        FairnessContract,
        ClockContract,
        PrefetchContract,
        FlowContract,
        EventContract,
        MetricsContract,
        WorkersContract {
  private final SettableClock clock = new SettableClock();
  private final List<Worker> workers = new ArrayList<>();
  private final List<QueueNode> nodes = new ArrayList<>();

  /** Opens a node on this test's store. */
  protected abstract QueueNode open(InstantSource source);

  @Override
  public SettableClock clock() {
    return clock;
  }

  @Override
  public QueueNode node() {
    return node(clock);
  }

  @Override
  public QueueNode node(InstantSource source) {
    return adopt(open(source));
  }

  /** Closes a node after the test. */
  protected final QueueNode adopt(QueueNode node) {
    nodes.add(node);
    return node;
  }

  @Override
  public Worker closing(Worker worker) {
    workers.add(worker);
    return worker;
  }

  @AfterEach
  void closeAll() {
    nodes.forEach(QueueNode::heal);
    workers.forEach(Worker::close);
    nodes.forEach(QueueNode::close);
  }
}
