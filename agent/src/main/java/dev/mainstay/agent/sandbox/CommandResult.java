package dev.mainstay.agent.sandbox;

import java.time.Duration;

/**
 * How a shell command ended.
 *
 * @param output standard output and standard error in the order written, as clean text within the
 *     cap
 * @param exitCode of the command; 128 + n when signal n ended it; -1 unless {@code ending} is
 *     {@link Ending#EXITED}
 */
public record CommandResult(String output, int exitCode, Ending ending, Duration duration) {

  /** Why a command is over. After everything but {@code EXITED} the shell is a fresh one. */
  public enum Ending {
    EXITED,
    /** Its time was up; every process of the session was killed. */
    TIMED_OUT,
    /** The disk was nearly full; every process of the session was killed. */
    DISK_FULL,
    /** The shell itself died, by a limit or killed from outside. */
    SHELL_DIED
  }
}
