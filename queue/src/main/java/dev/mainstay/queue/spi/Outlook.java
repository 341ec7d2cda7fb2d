package dev.mainstay.queue.spi;

/**
 * What a queue holds for a worker that is free.
 *
 * @param waiting a job can be taken now
 * @param nextDue epoch milliseconds of the next delayed job or end of a lease; {@link
 *     Long#MAX_VALUE} if there is none
 */
public record Outlook(boolean waiting, long nextDue) {

  public static final Outlook NOTHING = new Outlook(false, Long.MAX_VALUE);
}
