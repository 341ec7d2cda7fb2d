package dev.mainstay.queue.spi;

import java.util.List;

/**
 * What a store answers to a {@link Turn}.
 *
 * @param held for each settlement, whether the lease was still held; if not, nothing has changed
 * @param recovered jobs taken from workers that let their leases end
 * @param claimed jobs to run, in the order in which they are to start
 * @param lastGroup for the worker's next {@link Turn}
 * @param outlook what is left to do, if {@code claimed} does not fill the capacity
 */
public record Exchange(
    List<Boolean> held,
    List<Recovered> recovered,
    List<Claimed> claimed,
    String lastGroup,
    Outlook outlook) {}
