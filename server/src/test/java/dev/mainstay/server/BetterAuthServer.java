package dev.mainstay.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.StreamSupport;

/** A real Better Auth server as a process of its own: {@code reference.mjs}. */
final class BetterAuthServer implements AutoCloseable {
  static final Path DIRECTORY = Path.of("src/test/better-auth");
  private static final int START_SECONDS = 60;
  private static final String END = "";

  private final Process process;
  private final URI url;

  private BetterAuthServer(Process process, URI url) {
    this.process = process;
    this.url = url;
  }

  static BetterAuthServer start() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder("node", "reference.mjs")
            .directory(DIRECTORY.toFile())
            .redirectErrorStream(true)
            // Maven talks to this process by its standard streams; a child must not have them.
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .start();
    // what it prints later are the errors that the walks provoke
    BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    Thread.ofVirtual().start(() -> read(process, lines));
    String line = lines.poll(START_SECONDS, TimeUnit.SECONDS);
    if (line == null || !line.startsWith("http")) {
      process.destroyForcibly();
      throw new IllegalStateException("reference.mjs does not start: " + line + "\n" + lines);
    }
    return new BetterAuthServer(process, URI.create(line));
  }

  private static void read(Process process, BlockingQueue<String> lines) {
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      output.lines().forEach(lines::add);
    } catch (IOException e) {
      // The process has ended.
    }
    lines.add(END);
  }

  URI url() {
    return url;
  }

  /** Every endpoint that it has, as {@code GET /path}. */
  List<String> endpoints() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String body =
          http.send(
                  HttpRequest.newBuilder(url.resolve("/__endpoints")).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      return StreamSupport.stream(Json.read(body).spliterator(), false)
          .map(JsonNode::asText)
          .toList();
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
