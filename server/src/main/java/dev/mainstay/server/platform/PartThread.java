package dev.mainstay.server.platform;

/**
 * Threads of the parts that a server cannot do without. Such a thread ends when it is interrupted
 * or its work is over. If anything else ends it, the process ends too.
 */
public final class PartThread {
  private PartThread() {}

  /** What a part does, round after round. It deals itself with what one round may throw. */
  @FunctionalInterface
  public interface Rounds {
    /** Returns once the part is closed. */
    void run() throws InterruptedException;
  }

  /** Starts a virtual thread. */
  public static Thread start(String name, Rounds rounds) {
    return Thread.ofVirtual().name(name).start(guarded(name, rounds));
  }

  /** A virtual thread that is started later. */
  public static Thread unstarted(String name, Rounds rounds) {
    return Thread.ofVirtual().name(name).unstarted(guarded(name, rounds));
  }

  /** The body of a thread of another kind. */
  static Runnable guarded(String name, Rounds rounds) {
    return () -> {
      try {
        rounds.run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Throwable e) {
        ProcessEnd.partLost(name, e);
      }
    };
  }
}
