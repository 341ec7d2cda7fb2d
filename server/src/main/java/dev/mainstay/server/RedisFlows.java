package dev.mainstay.server;

import dev.mainstay.queue.Flow;
import dev.mainstay.queue.FlowNode;
import dev.mainstay.queue.FlowProducer;
import dev.mainstay.queue.TransactionalFlowProducer;
import dev.mainstay.queue.UnsupportedFeatureException;
import java.sql.Connection;
import java.util.List;
import java.util.Optional;

/**
 * Flows in Redis, which cannot be added in the database's transactions: that is refused. Programs
 * add them there with BullMQ's own producers.
 */
record RedisFlows(FlowProducer producer) implements TransactionalFlowProducer {

  @Override
  public FlowNode add(Connection transaction, Flow flow) {
    throw new UnsupportedFeatureException("Flows within transactions", "Redis");
  }

  @Override
  public List<FlowNode> addBulk(Connection transaction, List<Flow> flows) {
    throw new UnsupportedFeatureException("Flows within transactions", "Redis");
  }

  @Override
  public void wake(List<FlowNode> flows) {
    // Redis wakes its workers itself.
  }

  @Override
  public FlowNode add(Flow flow) {
    return producer.add(flow);
  }

  @Override
  public List<FlowNode> addBulk(List<Flow> flows) {
    return producer.addBulk(flows);
  }

  @Override
  public Optional<FlowNode> find(String queue, String id, int depth, int maxChildren) {
    return producer.find(queue, id, depth, maxChildren);
  }
}
