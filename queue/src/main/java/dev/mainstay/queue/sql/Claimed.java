package dev.mainstay.queue.sql;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Job;

/**
 * A job that a worker has just taken.
 *
 * @param sequence names the row, also when the job's id is used again later
 */
record Claimed(Job job, long sequence, long token, Backoff backoff) {}
