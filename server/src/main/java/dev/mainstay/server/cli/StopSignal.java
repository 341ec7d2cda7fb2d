package dev.mainstay.server.cli;

import java.util.concurrent.CountDownLatch;

/** SIGTERM or Ctrl-C: the process ends once what is to be done before that is done. */
final class StopSignal {
  private final CountDownLatch asked = new CountDownLatch(1);
  private final CountDownLatch done = new CountDownLatch(1);

  StopSignal() {
    // The hook returns only when all is done: the process ends with it.
    Runtime.getRuntime()
        .addShutdownHook(
            Thread.ofPlatform()
                .name("drain")
                .unstarted(
                    () -> {
                      asked.countDown();
                      try {
                        done.await();
                      } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                      }
                    }));
  }

  void await() throws InterruptedException {
    asked.await();
  }

  /** Lets the process end. */
  void done() {
    done.countDown();
  }
}
