package dev.mainstay.server.queue;

import dev.mainstay.queue.JobGroup;
import org.jspecify.annotations.Nullable;

/**
 * A group of jobs, for example those of one tenant.
 *
 * @param limits its own, if it has some instead of those of every group
 */
public record GroupView(String id, long waiting, long active, @Nullable GroupLimitsBody limits) {

  static GroupView of(JobGroup group) {
    return new GroupView(
        group.name(),
        group.waiting(),
        group.active(),
        group.limits().map(GroupLimitsBody::of).orElse(null));
  }
}
