package dev.mainstay.queue;

/**
 * Names a job among all queues of a store.
 *
 * @param id unique in its queue
 */
public record JobKey(String queue, String id) {

  /**
   * @throws IllegalArgumentException a name is blank or too long
   */
  public JobKey {
    Limits.name("The name of the queue", queue);
    Limits.name("id", id);
  }

  /** The queue, a colon and the id. */
  @Override
  public String toString() {
    return queue + ":" + id;
  }
}
