package dev.mainstay.server.platform;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process at once, for a supervisor to start it again: what it cannot go on with must not
 * leave a server that listens and does nothing. Runs go on from their last committed step, as after
 * any crash. See docs/operations.md for the codes.
 */
public final class ProcessEnd {
  /** The same as with {@code -XX:+ExitOnOutOfMemoryError}. */
  public static final int OUT_OF_MEMORY = 3;

  /** EX_SOFTWARE of sysexits.h: a part that nothing replaces has died. */
  public static final int PART_LOST = 70;

  /** EX_IOERR of sysexits.h: the data directory was deleted, moved or replaced. */
  public static final int DATA_LOST = 74;

  private static final Logger log = LoggerFactory.getLogger(ProcessEnd.class);

  private ProcessEnd() {}

  /**
   * Ends the process if a failure comes from a virtual machine that is out of memory or broken.
   * Whoever catches an {@code Error} and goes on calls this first.
   */
  public static void ifFatal(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof VirtualMachineError
          && !(cause instanceof StackOverflowError)
          && !isThread(cause)) {
        halt(OUT_OF_MEMORY, "The virtual machine cannot go on", cause);
      }
    }
  }

  /** The system has no thread left for now, but the heap is sound. */
  private static boolean isThread(Throwable failure) {
    return failure instanceof OutOfMemoryError
        && String.valueOf(failure.getMessage()).contains("native thread");
  }

  /** Ends the process because a thread that it cannot do without has died. */
  static void partLost(String name, Throwable failure) {
    ifFatal(failure);
    halt(PART_LOST, "The part \"" + name + "\" has died", failure);
  }

  /** Ends the process with one sentence. */
  static void now(int code, String sentence) {
    halt(code, sentence, null);
  }

  private static void halt(
      int code, String sentence, @org.jspecify.annotations.Nullable Throwable failure) {
    try {
      log.error("{}; the process ends with code {}", sentence, code, failure);
    } finally {
      // Not exit: a shutdown hook would wait for what may never end any more.
      Runtime.getRuntime().halt(code);
    }
  }
}
