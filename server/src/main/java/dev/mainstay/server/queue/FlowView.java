package dev.mainstay.server.queue;

import dev.mainstay.queue.FlowNode;
import java.util.List;

/** A job and its children, each with its own. */
public record FlowView(JobView job, List<FlowView> children) {

  static FlowView of(FlowNode node) {
    return new FlowView(
        JobView.of(QueueName.shown(node.queue()), node.job()),
        node.children().stream().map(FlowView::of).toList());
  }
}
