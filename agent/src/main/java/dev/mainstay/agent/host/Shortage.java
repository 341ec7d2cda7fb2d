package dev.mainstay.agent.host;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;

/**
 * Tells when a machine had too few processes, threads, files or too little memory for a moment
 * (errno EAGAIN, ENOMEM, ENFILE, EMFILE): the same may succeed a little later.
 */
public final class Shortage {
  /** What Java says of a failed fork, and the C library, the shell and git of themselves. */
  private static final Pattern SAID =
      Pattern.compile(
          "\\berror[=:] ?(?:11|12|23|24)\\b|resource temporarily unavailable|cannot allocate memory"
              + "|too many open files|\\b(?:cannot|can't|unable to|failed to) fork\\b"
              + "|(?:cannot|unable to|failed to) create (?:\\w+ )?thread|out of memory, (?:m|c|re)alloc failed"
              + "|\\bEAGAIN\\b|\\bENOMEM\\b|\\bEMFILE\\b|\\bENFILE\\b",
          Pattern.CASE_INSENSITIVE);

  private Shortage() {}

  /** True if input or output, a process or a thread failed for want of something. */
  public static boolean of(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      boolean said = cause instanceof IOException && said(String.valueOf(cause.getMessage()));
      if (said || isThread(cause)) {
        return true;
      }
    }
    return false;
  }

  /**
   * True for an {@code OutOfMemoryError} that is none of the heap: the system has no thread left.
   */
  public static boolean isThread(Throwable failure) {
    return failure instanceof OutOfMemoryError
        && String.valueOf(failure.getMessage()).contains("native thread");
  }

  /** Whether a program's own words on standard error say so. */
  public static boolean said(String words) {
    return SAID.matcher(words).find();
  }

  /** For a person: nothing of how the machine is laid out. */
  public static UncheckedIOException exception(Throwable cause) {
    return new UncheckedIOException(
        "The machine has too few processes, files or too little memory for now",
        new IOException("Resource temporarily unavailable", cause));
  }
}
