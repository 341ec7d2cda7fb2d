package dev.mainstay.server;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server of Node's as a process of its own, which prints its address as one line. */
final class NodeServer implements AutoCloseable {
  private static final int START_SECONDS = 60;
  private static final String END = "";

  private final Process process;
  private final URI url;

  private NodeServer(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  static NodeServer start(Path directory, String script, Map<String, String> environment)
      throws IOException, InterruptedException {
    ProcessBuilder node =
        new ProcessBuilder("node", script)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            // Maven talks to this process by its standard streams; a child must not have them.
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")));
    node.environment().putAll(environment);
    Process process = node.start();
    // what it prints later are the errors that the tests provoke
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread.ofVirtual().start(() -> read(process, lines));
    StringBuilder before = new StringBuilder();
    while (true) {
      String line = lines.poll(START_SECONDS, TimeUnit.SECONDS);
      if (line == null || line.equals(END)) {
        process.destroyForcibly();
        throw new IllegalStateException(script + " does not start: " + before);
      }
      if (line.startsWith("http")) {
        return new NodeServer(process, URI.create(line));
      }
      before.append(line).append('\n');
    }
  }

  private static void read(Process process, BlockingQueue<String> lines) {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      output.lines().filter(line -> !line.isEmpty()).forEach(lines::add);
    } catch (IOException e) {
      // The process has ended.
    }
    lines.add(END);
  }

  URI url() {
    return url;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
