package dev.mainstay.queue.memory;

import dev.mainstay.queue.FlowProducer;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.contract.CuttableStore;
import dev.mainstay.queue.contract.QueueNode;
import dev.mainstay.queue.contract.TaskQueueContract;
import dev.mainstay.queue.runtime.StoreTaskQueue;
import java.time.InstantSource;

final class MemoryTaskQueueTest extends TaskQueueContract {
  private final MemoryQueues queues = new MemoryQueues();

  @Override
  protected QueueNode open(InstantSource source) {
    CuttableStore cuttable = new CuttableStore(queues.store("test"));
    TaskQueue queue = new StoreTaskQueue(cuttable.store(), source);
    return new QueueNode() {
      @Override
      public TaskQueue queue() {
        return queue;
      }

      @Override
      public TaskQueue queue(String name) {
        return queues.queue(name, source);
      }

      @Override
      public FlowProducer flowProducer() {
        return queues.flowProducer(source);
      }

      @Override
      public void cut() {
        cuttable.cut(true);
      }

      @Override
      public void heal() {
        cuttable.cut(false);
      }

      @Override
      public int refusals() {
        return cuttable.refusals();
      }

      @Override
      public void close() {
        // The store is the test's.
      }
    };
  }
}
