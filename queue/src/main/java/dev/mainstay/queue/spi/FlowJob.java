package dev.mainstay.queue.spi;

import dev.mainstay.queue.JobRequest;

/**
 * A job of a flow, in a list in which every parent stands before its children.
 *
 * @param request has an id
 * @param parent place of the parent in the list; {@link #ROOT} if that has none
 * @param hasChildren true if jobs further on have this one as parent
 */
public record FlowJob(String queue, JobRequest request, int parent, boolean hasChildren) {
  public static final int ROOT = -1;

  public String id() {
    return request.options().id().orElseThrow();
  }
}
