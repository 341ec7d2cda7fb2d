package dev.mainstay.queue.chaos;

import dev.mainstay.queue.WorkerOptions;
import java.nio.file.Path;
import java.time.Duration;

/** A process that works until it is killed. */
final class ChaosWorker {
  static final Duration LEASE = Duration.ofSeconds(2);
  static final int CONCURRENCY = 8;

  /** A job with this data fails at its first attempt. */
  static final String FAILS_ONCE = "{\"failsOnce\":true}";

  private static final int WORK_MILLIS = 15;

  private ChaosWorker() {}

  /**
   * @param arguments the store's URL, the worker's id, the file of the ledger
   */
  public static void main(String[] arguments) throws Exception {
    Ledger ledger = new Ledger(Path.of(arguments[2]));
    open(arguments[0])
        .queue()
        .work(
            new WorkerOptions(arguments[1], CONCURRENCY, LEASE, Integer.MAX_VALUE),
            (job, context) -> {
              ledger.begun(job.id(), context.token());
              Thread.sleep(WORK_MILLIS);
              if (job.data().equals(FAILS_ONCE) && job.attemptsMade() == 0) {
                throw new IllegalStateException("the first attempt fails");
              }
              ledger.ended(job.id(), context.token());
              return Long.toString(context.token());
            });
    Thread.currentThread().join();
  }

  /** Tries again while the store is down, as whoever supervises a process starts it again. */
  private static DurableStore.Node open(String url) throws InterruptedException {
    while (true) {
      try {
        return Nodes.open(url);
      } catch (RuntimeException e) {
        e.printStackTrace();
        Thread.sleep(200);
      }
    }
  }
}
