package dev.mainstay.queue;

import java.util.Optional;

/**
 * A group of jobs in a queue, for example those of one tenant.
 *
 * @param name as the jobs name it
 * @param limits its own, if it has some instead of those of every group
 */
public record JobGroup(String name, long waiting, long active, Optional<GroupLimits> limits) {}
