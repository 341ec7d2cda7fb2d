package dev.mainstay.queue;

import java.util.List;

/**
 * Events of a queue in their order.
 *
 * @param next reads on after these
 * @param gap true if events after the cursor that was given are not kept any more: these are the
 *     oldest that are
 */
public record QueueEvents(List<QueueEvent> items, String next, boolean gap) {}
