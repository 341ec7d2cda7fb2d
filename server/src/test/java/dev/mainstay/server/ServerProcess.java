package dev.mainstay.server;

import dev.mainstay.server.identity.Identity;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.TestDatabases;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.jspecify.annotations.Nullable;

/**
 * A server as a process of its own, as an operator would start it, so that a test can kill it with
 * SIGKILL and start it again on the same data directory. Its environment is what the test gives and
 * nothing else; what it prints is kept.
 */
final class ServerProcess implements AutoCloseable {
  private static final String READY = "Mainstay is ready: ";

  /** A start takes two seconds, and many times that on a machine that is busy with other things. */
  private static final int START_SECONDS = 240;

  /** Writing the cache of a recorded life is part of its end. */
  private static final int STOP_SECONDS = 120;

  private final Path directory;
  private final Path data;
  private final Path log;
  private final Map<String, String> environment;
  private final String key;
  private @Nullable Process process;
  private @Nullable Thread reader;
  private URI url = URI.create("http://localhost");
  private List<String> classPath = classPath();
  private @Nullable Path cache;
  private List<String> prefix = List.of();

  private ServerProcess(Path directory, Map<String, String> environment) {
    this.directory = directory;
    this.data = directory.resolve("data");
    this.log = directory.resolve("server.log");
    this.environment = Map.copyOf(environment);
    this.key = key(data, List.of());
  }

  /** Makes the data directory and a key, without starting anything yet. */
  static ServerProcess in(Path directory, Map<String, String> environment) {
    return new ServerProcess(directory, environment);
  }

  static ServerProcess start(Path directory, Map<String, String> environment)
      throws InterruptedException {
    ServerProcess server = in(directory, environment);
    server.start();
    return server;
  }

  /** As {@code key create} does it; works beside a running server. */
  static String key(Path data, List<String> scopes) {
    try (Database database = TestDatabases.open(data)) {
      Identity identity = new Identity(database, Clock.systemUTC());
      identity.ensureOwner();
      return identity.createOwnerKey("test", scopes).key();
    }
  }

  /**
   * The class path of the test run without the tests: what lies in it would change how the server
   * behaves, its logging first of all.
   */
  private static List<String> classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("-tests.jar"))
        .toList();
  }

  /** Starts the server and waits until it says that it is ready. */
  void start() throws InterruptedException {
    Path recorded = cache;
    start(recorded == null ? List.of() : List.of("-XX:AOTCache=" + recorded, "-Xlog:aot=off"));
  }

  /**
   * Starts it so that all later starts are quicker, as the launcher does: what this life does until
   * it is {@linkplain #stop stopped} is recorded into a cache of loaded classes.
   */
  void startRecording() throws InterruptedException {
    Path recorded = directory.resolve("server.aot");
    try {
      classPath = jars(classPath, Files.createDirectories(directory.resolve("jars")));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    cache = recorded;
    start(List.of("-XX:AOTCacheOutput=" + recorded, "-Xlog:aot=off"));
  }

  /** The cache takes classes from JARs alone. */
  private static List<String> jars(List<String> classPath, Path target) throws IOException {
    List<String> jars = new ArrayList<>();
    for (String entry : classPath) {
      Path path = Path.of(entry);
      if (Files.isDirectory(path)) {
        Path jar = target.resolve(jars.size() + ".jar");
        pack(path, jar);
        jars.add(jar.toString());
      } else {
        jars.add(entry);
      }
    }
    return jars;
  }

  private static void pack(Path directory, Path jar) throws IOException {
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        out.putNextEntry(new ZipEntry(directory.relativize(file).toString()));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }

  /** The command that starts the JVM is given to this one, such as a shell in a namespace. */
  ServerProcess within(List<String> before) {
    prefix = List.copyOf(before);
    return this;
  }

  private void start(List<String> options) throws InterruptedException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    // A short life: the second compiler would not earn its time back.
    command.add("-XX:TieredStopAtLevel=1");
    command.add("-XX:+UseSerialGC");
    command.add("-Xmx512m");
    command.addAll(options);
    command.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
    command.add("dev.mainstay.server.cli.Main");
    command.addAll(List.of("serve", "--port", "0", "--data", data.toString()));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().putAll(TestDatabases.settings(data));
    builder.environment().putAll(environment);
    try {
      Process started = builder.start();
      CompletableFuture<URI> ready = new CompletableFuture<>();
      process = started;
      reader = Thread.ofVirtual().name("server-output").start(() -> read(started, ready));
      url = ready.get(START_SECONDS, TimeUnit.SECONDS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (ExecutionException | TimeoutException e) {
      close();
      throw new IllegalStateException("The server did not start:\n" + log(), e);
    }
  }

  private void read(Process started, CompletableFuture<URI> ready) {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(started.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        Files.writeString(log, line + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        if (line.startsWith(READY)) {
          ready.complete(URI.create(line.substring(READY.length())));
        }
      }
    } catch (IOException e) {
      // The process is gone.
    }
    ready.completeExceptionally(new IllegalStateException("it ended"));
  }

  /** SIGKILL, and waits until the process is gone. */
  void kill() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      end(running);
    }
  }

  /** SIGTERM, and waits until the server has drained. */
  void stop() throws InterruptedException {
    Process running = process;
    if (running != null) {
      running.destroy();
      end(running);
    }
  }

  boolean isAlive() {
    Process running = process;
    return running != null && running.isAlive();
  }

  /** Waits until it has ended by itself; returns its exit code. */
  int awaitEnd() throws InterruptedException {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("it does not run");
    }
    end(running);
    return running.exitValue();
  }

  private void end(Process running) throws InterruptedException {
    if (!running.waitFor(STOP_SECONDS, TimeUnit.SECONDS)) {
      running.destroyForcibly();
      throw new IllegalStateException("The server did not stop");
    }
    Thread output = reader;
    if (output != null) {
      output.join();
    }
    process = null;
  }

  void restart() throws InterruptedException {
    kill();
    start();
  }

  URI url() {
    return url;
  }

  /** A key with every scope. */
  String key() {
    return key;
  }

  TestClient client() {
    return new TestClient(url, key);
  }

  TestTasks tasks() {
    return new TestTasks(client());
  }

  Path data() {
    return data;
  }

  /** All that it has printed, over all its lives. */
  String log() {
    try {
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  long pid() {
    Process running = process;
    if (running == null) {
      throw new IllegalStateException("it does not run");
    }
    return running.pid();
  }

  @Override
  public void close() {
    Process running = process;
    if (running != null) {
      running.destroyForcibly();
      boolean interrupted = false;
      try {
        end(running);
      } catch (InterruptedException e) {
        interrupted = true;
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
