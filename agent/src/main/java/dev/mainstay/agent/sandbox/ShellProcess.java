package dev.mainstay.agent.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One running driver, see {@link ShellScript}. Two threads read its pipes for as long as it lives,
 * so that what a background process writes between commands never blocks it; one caller at a time
 * runs commands.
 */
final class ShellProcess {
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final int NONCE_BYTES = 16;
  private static final int DIAGNOSTICS_CHARS = 2000;
  private static final int STACK_BYTES = 256 * 1024;

  /** How long the output may lag behind the exit code, should the marker not get through. */
  private static final Duration GRACE = Duration.ofMillis(250);

  private static final Duration DISK_CHECK = Duration.ofMillis(500);

  private final Process process;
  private final Optional<Cgroup> cgroup;
  private final boolean isolated;
  private final SandboxLimits limits;
  private final Path workspace;

  /** Guards everything below. */
  private final ReentrantLock lock = new ReentrantLock();

  private final Condition changed = lock.newCondition();
  private final StringBuilder diagnostics = new StringBuilder();
  private final StringBuilder line = new StringBuilder();
  private @Nullable OutputMarker marker;
  private @Nullable OutputCapture capture;
  private OptionalInt exitCode = OptionalInt.empty();
  private long exitedAt;
  private boolean outputEnded;
  private boolean controlEnded;

  ShellProcess(
      Process process,
      Optional<Cgroup> cgroup,
      boolean isolated,
      SandboxLimits limits,
      Path workspace) {
    this.process = process;
    this.cgroup = cgroup;
    this.isolated = isolated;
    this.limits = limits;
    this.workspace = workspace;
    reader("shell-output-", this::readOutput);
    reader("shell-control-", this::readControl);
  }

  boolean isAlive() {
    lock.lock();
    try {
      return !controlEnded && process.isAlive();
    } finally {
      lock.unlock();
    }
  }

  long pid() {
    return process.pid();
  }

  /** What the sandbox said before the shell ran: the reason when it never did. */
  String diagnostics() {
    lock.lock();
    try {
      return TerminalText.clean(diagnostics.toString() + line);
    } finally {
      lock.unlock();
    }
  }

  /** Kills every process of the session and returns when they are gone. */
  void kill() {
    ProcessTree.kill(process, cgroup, isolated);
  }

  /**
   * Runs one command. If it returns anything but {@code EXITED}, or throws, everything is dead.
   *
   * @throws InterruptedException if the thread is interrupted
   */
  CommandResult run(String command, Duration timeout, Consumer<String> live)
      throws InterruptedException {
    long start = System.nanoTime();
    byte[] random = new byte[NONCE_BYTES];
    RANDOM.nextBytes(random);
    String nonce = HexFormat.of().formatHex(random);
    OutputCapture output = new OutputCapture(limits.outputChars());
    begin(nonce, output);
    boolean over = false;
    try {
      send(nonce + "\n" + command + "\0");
      CommandResult.Ending ending = await(start + timeout.toNanos(), output, live);
      over = ending == CommandResult.Ending.EXITED;
      if (!over) {
        kill();
        awaitOutputEnd();
      }
      return end(ending, output, live, Duration.ofNanos(System.nanoTime() - start));
    } finally {
      if (!over) {
        kill();
      }
    }
  }

  private void begin(String nonce, OutputCapture output) {
    lock.lock();
    try {
      marker = new OutputMarker(nonce);
      capture = output;
      exitCode = OptionalInt.empty();
    } finally {
      lock.unlock();
    }
  }

  private void send(String request) {
    try {
      OutputStream in = process.getOutputStream();
      in.write(request.getBytes(StandardCharsets.UTF_8));
      in.flush();
    } catch (IOException dead) {
      // The end of the control channel says the same, and says why.
    }
  }

  private CommandResult.Ending await(long deadline, OutputCapture output, Consumer<String> live)
      throws InterruptedException {
    long nextDiskCheck = System.nanoTime() + DISK_CHECK.toNanos();
    while (true) {
      String chunk;
      Optional<CommandResult.Ending> ending;
      lock.lockInterruptibly();
      try {
        long now = System.nanoTime();
        ending = ending(now);
        if (ending.isEmpty() && !output.hasLive()) {
          long wait = Math.min(deadline, nextDiskCheck) - now;
          if (exitCode.isPresent()) {
            wait = Math.min(wait, exitedAt + GRACE.toNanos() - now);
          }
          if (wait > 0) {
            changed.awaitNanos(wait);
          }
          ending = ending(System.nanoTime());
        }
        chunk = output.takeLive();
      } finally {
        lock.unlock();
      }
      if (!chunk.isEmpty()) {
        live.accept(chunk);
      }
      long now = System.nanoTime();
      if (ending.isPresent()) {
        return ending.get();
      }
      if (now - deadline >= 0) {
        return CommandResult.Ending.TIMED_OUT;
      }
      if (now - nextDiskCheck >= 0) {
        nextDiskCheck = now + DISK_CHECK.toNanos();
        if (diskIsFull()) {
          return CommandResult.Ending.DISK_FULL;
        }
      }
    }
  }

  /** Holding the lock. */
  private Optional<CommandResult.Ending> ending(long now) {
    if (exitCode.isPresent() && (marker == null || now - exitedAt >= GRACE.toNanos())) {
      return Optional.of(CommandResult.Ending.EXITED);
    }
    return controlEnded && exitCode.isEmpty()
        ? Optional.of(CommandResult.Ending.SHELL_DIED)
        : Optional.empty();
  }

  private CommandResult end(
      CommandResult.Ending ending, OutputCapture output, Consumer<String> live, Duration took) {
    String chunk;
    String text;
    int code;
    lock.lock();
    try {
      if (marker != null) {
        marker.finish(output);
        output.finish();
      }
      marker = null;
      capture = null;
      chunk = output.takeLive();
      text = output.text();
      if (ending == CommandResult.Ending.SHELL_DIED) {
        text += TerminalText.clean(diagnostics.toString() + line);
      }
      code = ending == CommandResult.Ending.EXITED ? exitCode.orElse(-1) : -1;
    } finally {
      lock.unlock();
    }
    if (!chunk.isEmpty()) {
      live.accept(chunk);
    }
    return new CommandResult(text, code, ending, took);
  }

  private boolean diskIsFull() {
    try {
      return Files.getFileStore(workspace).getUsableSpace() < limits.reservedDiskBytes();
    } catch (IOException unknown) {
      return false;
    }
  }

  private void awaitOutputEnd() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      long left = TimeUnit.SECONDS.toNanos(1);
      while (!outputEnded && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  private void reader(String name, Runnable body) {
    Thread unused =
        Thread.ofPlatform().daemon().name(name + process.pid()).stackSize(STACK_BYTES).start(body);
  }

  private void readOutput() {
    byte[] buffer = new byte[8192];
    try (InputStream in = process.getInputStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        lock.lock();
        try {
          if (marker != null && capture != null && marker.scan(buffer, count, capture)) {
            capture.finish();
            marker = null;
          }
          changed.signalAll();
        } finally {
          lock.unlock();
        }
      }
    } catch (IOException closed) {
      // Closed with the process.
    }
    lock.lock();
    try {
      outputEnded = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void readControl() {
    byte[] buffer = new byte[512];
    try (InputStream in = process.getErrorStream()) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        lock.lock();
        try {
          for (int i = 0; i < count; i++) {
            control((char) (buffer[i] & 0xff));
          }
        } finally {
          lock.unlock();
        }
      }
    } catch (IOException closed) {
      // Closed with the process.
    }
    lock.lock();
    try {
      controlEnded = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Holding the lock. A line of digits is an exit code; anything else is what bwrap says. */
  private void control(char c) {
    if (c != '\n') {
      if (line.length() < DIAGNOSTICS_CHARS) {
        line.append(c);
      }
      return;
    }
    if (!line.isEmpty() && line.chars().allMatch(digit -> digit >= '0' && digit <= '9')) {
      exitCode = OptionalInt.of(Integer.parseInt(line.substring(0, Math.min(line.length(), 9))));
      exitedAt = System.nanoTime();
      changed.signalAll();
    } else if (diagnostics.length() + line.length() < DIAGNOSTICS_CHARS) {
      diagnostics.append(line).append('\n');
    }
    line.setLength(0);
  }
}
