package dev.mainstay.agent.git;

import dev.mainstay.agent.host.Shortage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/** One git command: what it is given, how it is bounded, and its run. */
final class GitCommand {
  /** The most that is kept of a command's standard output unless it is streamed. */
  static final int MAX_OUTPUT = 8 << 20;

  private static final Duration DRAIN = Duration.ofSeconds(5);

  /**
   * Writes the process's id for {@link Orphans}, sets a limit on the size of files, becomes git.
   * {@code ulimit} counts blocks of 512 bytes (POSIX); a limit that is lower already stays.
   */
  private static final String LIMITED =
      """
      [ -z "$1" ] || echo $$ > "$1"
      [ -z "$2" ] || ulimit -f "$2" 2>/dev/null
      shift 2
      exec "$@"
      """;

  private final List<String> arguments;
  private final Map<String, String> environment;
  private Optional<Path> directory = Optional.empty();
  private Optional<Path> pidFile = Optional.empty();
  private long maxFileBytes;
  private byte[] input = new byte[0];
  private Duration timeout = Duration.ofMinutes(10);
  private Consumer<String> progress = line -> {};

  /** Reads a command's output while it runs; when it returns early the command is ended. */
  @FunctionalInterface
  interface Reader<T> {
    T read(InputStream output) throws IOException;
  }

  /**
   * @param error the last part of standard error, without progress lines
   * @param timedOut the command was ended because of that
   */
  record Result<T>(int exit, T output, String error, boolean timedOut) {
    boolean succeeded() {
      return exit == 0 && !timedOut;
    }
  }

  GitCommand(Map<String, String> environment, List<String> arguments) {
    this.environment = new HashMap<>(environment);
    this.arguments = List.copyOf(arguments);
  }

  GitCommand env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  GitCommand env(Map<String, String> values) {
    environment.putAll(values);
    return this;
  }

  /** The files that the command works on, and where it starts. */
  GitCommand tree(Path tree, Path index) {
    directory = Optional.of(tree);
    return env("GIT_WORK_TREE", tree.toString()).env("GIT_INDEX_FILE", index.toString());
  }

  GitCommand input(byte[] bytes) {
    input = bytes.clone();
    return this;
  }

  GitCommand input(String text) {
    return input(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Names as {@link #bytes} gave them. */
  GitCommand inputBytes(String text) {
    return input(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  GitCommand timeout(Duration duration) {
    timeout = duration;
    return this;
  }

  /** No file that the command writes may become larger. */
  GitCommand maxFileBytes(long bytes) {
    maxFileBytes = bytes;
    return this;
  }

  /** Where the process's id is left, so that a later server can end it. */
  GitCommand pidFile(Path path) {
    pidFile = Optional.of(path);
    return this;
  }

  GitCommand progress(Consumer<String> consumer) {
    progress = consumer;
    return this;
  }

  /** Runs and keeps the output as text. */
  Result<String> run() throws GitException, InterruptedException {
    return run(GitCommand::text);
  }

  /** Runs; anything but success is a fault of this machine, not of the remote. */
  String output() throws GitException, InterruptedException {
    return output(GitCommand::text);
  }

  <T> T output(Reader<T> reader) throws GitException, InterruptedException {
    Result<T> result = run(reader);
    if (!result.succeeded()) {
      throw GitErrors.local(arguments.getFirst(), result);
    }
    return result.output();
  }

  <T> Result<T> run(Reader<T> reader) throws GitException, InterruptedException {
    Process process = start();
    ErrorTail error = new ErrorTail(progress);
    try {
      CompletableFuture<T> output = async(() -> readAndClose(process, reader));
      CompletableFuture<Boolean> errorRead = async(() -> error.read(process.getErrorStream()));
      CompletableFuture<Boolean> written = async(() -> write(process.getOutputStream()));
      boolean timedOut = !process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS);
      if (timedOut) {
        Processes.kill(process.toHandle());
      }
      T value = await(output);
      await(errorRead);
      await(written);
      return new Result<>(process.waitFor(), value, error.text(), timedOut);
    } finally {
      if (process.isAlive()) {
        Processes.kill(process.toHandle());
      }
    }
  }

  private Process start() throws GitException {
    List<String> command = new ArrayList<>();
    if (maxFileBytes > 0 || pidFile.isPresent()) {
      command.addAll(List.of("/bin/sh", "-c", LIMITED, "git"));
      command.add(pidFile.map(Path::toString).orElse(""));
      command.add(maxFileBytes > 0 ? Long.toString(maxFileBytes / 512 + 1) : "");
    }
    command.add("git");
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().clear();
    builder.environment().putAll(environment);
    directory.ifPresent(path -> builder.directory(path.toFile()));
    try {
      return builder.start();
    } catch (IOException | OutOfMemoryError e) {
      if (Shortage.of(e)) {
        throw new GitException(
            "git_failed",
            "git could not be started: the machine has too few processes, files or too little"
                + " memory for now.",
            true);
      }
      if (e instanceof OutOfMemoryError heap) {
        throw heap;
      }
      throw new GitException("git_failed", "git could not be started; is it installed?", true);
    }
  }

  /** A reader that stops early leaves the command nobody to write to: it ends with SIGPIPE. */
  private static <T> T readAndClose(Process process, Reader<T> reader) throws IOException {
    try (InputStream output = process.getInputStream()) {
      return reader.read(output);
    }
  }

  private boolean write(OutputStream out) {
    try (out) {
      out.write(input);
    } catch (IOException e) {
      // The command ended without reading on; its exit code says why.
      return false;
    }
    return true;
  }

  private static String text(InputStream output) throws IOException {
    return read(output).toString(StandardCharsets.UTF_8);
  }

  /** One character per byte, for names of files: they need not be UTF-8. */
  static String bytes(InputStream output) throws IOException {
    return read(output).toString(StandardCharsets.ISO_8859_1);
  }

  private static ByteArrayOutputStream read(InputStream output) throws IOException {
    ByteArrayOutputStream kept = new ByteArrayOutputStream();
    byte[] buffer = new byte[16 << 10];
    for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
      if (kept.size() + n > MAX_OUTPUT) {
        throw new IOException("more than " + MAX_OUTPUT + " bytes of output");
      }
      kept.write(buffer, 0, n);
    }
    return kept;
  }

  @FunctionalInterface
  private interface Task<T> {
    T run() throws IOException;
  }

  private static <T> CompletableFuture<T> async(Task<T> task) {
    CompletableFuture<T> future = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                future.complete(task.run());
              } catch (IOException | RuntimeException e) {
                future.completeExceptionally(e);
              }
            });
    return future;
  }

  /** The process has ended, so its output ends, unless a stray child holds on to it. */
  private static <T> T await(CompletableFuture<T> future)
      throws GitException, InterruptedException {
    try {
      return future.get(DRAIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw new GitException(
          "git_failed", "git's output could not be read: " + GitErrors.reason(e), false);
    } catch (TimeoutException e) {
      throw new GitException("git_failed", "git's output does not end", true);
    }
  }
}
