package dev.mainstay.queue.spi;

import dev.mainstay.queue.Job;

/**
 * A job that a worker has taken.
 *
 * @param token of the lease: unlike that of any other claim in this queue, and greater than those
 *     of all earlier claims of this job
 */
public record Claimed(Job job, long token) {}
