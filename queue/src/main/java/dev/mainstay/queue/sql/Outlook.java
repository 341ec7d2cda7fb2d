package dev.mainstay.queue.sql;

/**
 * What a queue holds for a worker that is free.
 *
 * @param waiting a job can be taken now
 * @param nextDue epoch milliseconds of the next delayed job or end of a lease; {@link
 *     Long#MAX_VALUE} if there is none
 */
record Outlook(boolean waiting, long nextDue) {}
