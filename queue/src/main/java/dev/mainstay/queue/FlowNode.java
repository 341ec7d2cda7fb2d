package dev.mainstay.queue;

import java.util.List;

/** A job and those of its children that were asked for, or that were added with it. */
public record FlowNode(String queue, Job job, List<FlowNode> children) {

  public FlowNode {
    children = List.copyOf(children);
  }
}
