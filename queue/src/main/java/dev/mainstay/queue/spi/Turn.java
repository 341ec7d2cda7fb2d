package dev.mainstay.queue.spi;

import java.time.Instant;
import java.util.List;

/**
 * What a worker asks of a store at once.
 *
 * @param settlements how attempts ended
 * @param capacity how many jobs it can take; 0 if none, and then nothing is recovered or promoted
 * @param maxStalled a job whose lease has ended more often than this fails
 */
public record Turn(
    List<Settlement> settlements,
    String workerId,
    int capacity,
    int maxStalled,
    Instant now,
    Instant leaseUntil) {}
