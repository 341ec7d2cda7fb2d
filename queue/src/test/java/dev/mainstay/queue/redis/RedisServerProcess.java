package dev.mainstay.queue.redis;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import redis.embedded.core.ExecutableProvider;

/** A real Redis server, which can be killed and started again on its files. */
public final class RedisServerProcess implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(20);
  private static final File BINARY = binary();

  /**
   * One for the tests of this process, which keep to keys of their own. Nothing of it is on disk.
   */
  private static final RedisServerProcess SHARED = startShared();

  private final Path directory;
  private final int port;
  private final List<String> settings;
  private Process process;

  private RedisServerProcess(Path directory, List<String> settings) throws IOException {
    this.directory = directory;
    this.settings = settings;
    this.port = freePort();
    process = launch();
  }

  private static File binary() {
    try {
      return ExecutableProvider.newJarResourceProvider().get();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RedisServerProcess startShared() {
    try {
      RedisServerProcess server =
          new RedisServerProcess(
              Path.of(System.getProperty("java.io.tmpdir")), List.of("--save", ""));
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      return server;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static RedisServerProcess shared() {
    return SHARED;
  }

  /** What is acknowledged is on disk. */
  public static RedisServerProcess durable(Path directory) throws IOException {
    return new RedisServerProcess(
        directory, List.of("--appendonly", "yes", "--appendfsync", "always"));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private Process launch() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(BINARY.getPath());
    command.addAll(List.of("--port", Integer.toString(port), "--bind", "127.0.0.1"));
    command.addAll(List.of("--dir", directory.toString()));
    command.addAll(settings);
    Process started =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    Awaitility.await()
        .atMost(START)
        .pollInterval(Duration.ofMillis(10))
        .until(() -> listens() || !started.isAlive());
    if (!started.isAlive()) {
      throw new IOException("Redis ended with code " + started.exitValue());
    }
    return started;
  }

  private boolean listens() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  public String uri() {
    return "redis://127.0.0.1:" + port;
  }

  public int port() {
    return port;
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /**
   * Lets the process hang until {@link #wake}: its connections stay open, and nothing is answered.
   */
  public void hang() throws IOException, InterruptedException {
    signal("-STOP");
  }

  public void wake() throws IOException, InterruptedException {
    signal("-CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    int code = new ProcessBuilder("kill", name, Long.toString(process.pid())).start().waitFor();
    if (code != 0) {
      throw new IOException("kill ended with code " + code);
    }
  }

  public void restart() throws IOException {
    process = launch();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
