package dev.mainstay.queue.spi;

import java.time.Instant;
import java.util.Set;

/**
 * What a worker may have taken in exchanges whose answers were lost: the store may have committed
 * them all the same.
 *
 * @param leaseEnds of those exchanges, in whole milliseconds
 * @param held tokens of the leases that the worker knows
 */
public record Unheard(String workerId, Set<Instant> leaseEnds, Set<Long> held) {}
