package dev.mainstay.agent.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One task's shell. Working directory and exported variables stay from command to command, and so
 * do background processes, until {@link #close} or until a command has to be killed: then every
 * process dies and the next command gets a fresh shell. Safe for use by several threads; commands
 * run one at a time.
 */
public final class ShellSession implements AutoCloseable {
  /** Longest command, in bytes of UTF-8: it has to fit into a pipe. */
  public static final int MAX_COMMAND_BYTES = 60_000;

  public static final Duration MAX_TIMEOUT = Duration.ofMinutes(10);

  private static final Logger LOG = LoggerFactory.getLogger(ShellSession.class);

  /** Starts a driver. */
  interface Launcher {
    ShellProcess launch() throws IOException, InterruptedException;
  }

  private final Launcher launcher;
  private final Consumer<ShellSession> onClose;
  private final String workspace;

  /** One command at a time. */
  private final ReentrantLock running = new ReentrantLock();

  /** Written holding {@link #running}. */
  private volatile @Nullable ShellProcess shell;

  private volatile boolean closed;

  ShellSession(
      ShellProcess shell, Launcher launcher, String workspace, Consumer<ShellSession> onClose) {
    this.shell = shell;
    this.launcher = launcher;
    this.workspace = workspace;
    this.onClose = onClose;
  }

  /** Where commands see the workspace: {@code /workspace} in a sandbox. */
  public String workspace() {
    return workspace;
  }

  /**
   * Runs a command. Its standard input is empty.
   *
   * @param command bash, at most {@link #MAX_COMMAND_BYTES}, without NUL
   * @param timeout at most {@link #MAX_TIMEOUT}
   * @param live receives clean output on the calling thread as it comes, up to the output cap
   * @throws InterruptedException if interrupted; every process of the session is dead then
   * @throws IllegalArgumentException if the command or the timeout is out of bounds
   * @throws IllegalStateException after {@link #close}
   * @throws UncheckedIOException if no shell can be started
   */
  public CommandResult run(String command, Duration timeout, Consumer<String> live)
      throws InterruptedException {
    if (command.indexOf('\0') >= 0
        || command.getBytes(StandardCharsets.UTF_8).length > MAX_COMMAND_BYTES) {
      throw new IllegalArgumentException(
          "a command has at most " + MAX_COMMAND_BYTES + " bytes and no NUL character");
    }
    if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(MAX_TIMEOUT) > 0) {
      throw new IllegalArgumentException("the timeout must be between 0 and 600 seconds");
    }
    running.lockInterruptibly();
    try {
      ShellProcess current = current();
      boolean kept = false;
      try {
        CommandResult result = current.run(command, timeout, live);
        kept = result.ending() == CommandResult.Ending.EXITED;
        if (result.ending() == CommandResult.Ending.SHELL_DIED) {
          LOG.info("A task's shell died: {}", current.diagnostics());
        }
        return result;
      } finally {
        if (!kept) {
          shell = null;
        }
      }
    } finally {
      running.unlock();
    }
  }

  /** Kills every process of the session. Idempotent; returns when they are gone. */
  @Override
  public void close() {
    closed = true;
    boolean interrupted = false;
    boolean locked = false;
    // A running command ends as its shell dies; it may have been about to start one.
    while (!locked) {
      kill(shell);
      try {
        locked = running.tryLock(100, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    try {
      kill(shell);
      shell = null;
    } finally {
      running.unlock();
      onClose.accept(this);
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static void kill(@Nullable ShellProcess shell) {
    if (shell != null) {
      shell.kill();
    }
  }

  /** The operating system's id of the outermost process, for tests and diagnosis. */
  long pid() {
    ShellProcess current = shell;
    return current == null ? -1 : current.pid();
  }

  private ShellProcess current() throws InterruptedException {
    if (closed) {
      throw new IllegalStateException("the shell session is closed");
    }
    ShellProcess current = shell;
    if (current != null && current.isAlive()) {
      return current;
    }
    if (current != null) {
      current.kill();
    }
    try {
      ShellProcess fresh = launcher.launch();
      shell = fresh;
      return fresh;
    } catch (IOException e) {
      throw new UncheckedIOException("the shell cannot start", e);
    }
  }
}
