package dev.mainstay.queue.spi;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * What a worker asks of a store at once.
 *
 * @param settlements how attempts ended
 * @param capacity how many jobs it can take; 0 if none, and then nothing is recovered or promoted
 * @param lastGroup the group that this worker served last, see {@link Claims}
 * @param maxStalled a job whose lease has ended more often than this fails
 * @param clock tells when jobs are taken, once nothing has to be waited for; rates count from then
 */
public record Turn(
    List<Settlement> settlements,
    String workerId,
    int capacity,
    String lastGroup,
    int maxStalled,
    Instant now,
    Instant leaseUntil,
    InstantSource clock) {}
