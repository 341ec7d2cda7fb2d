package dev.mainstay.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Better Auth's client met on one walk through a topic, see {@code record.mjs}.
 *
 * @param lines the calls, in the order of the walk; the last may say where the walk broke off
 */
record BetterAuthWalk(String topic, List<JsonNode> lines) {
  private static final int MINUTES = 6;

  /** The topics that there are. */
  static List<String> topics() {
    try (Stream<Path> files = Files.list(BetterAuthServer.DIRECTORY.resolve("walk"))) {
      return files.map(file -> file.getFileName().toString().replace(".mjs", "")).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Walks through all topics. */
  static Map<String, BetterAuthWalk> all(URI url, Map<String, String> environment)
      throws IOException, InterruptedException {
    Path output = Files.createTempFile("walk", ".jsonl");
    Path errors = Files.createTempFile("walk", ".log");
    ProcessBuilder node =
        new ProcessBuilder("node", "record.mjs", url.toString())
            .directory(BetterAuthServer.DIRECTORY.toFile())
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectOutput(output.toFile())
            .redirectError(errors.toFile());
    node.environment().putAll(environment);
    Process process = node.start();
    try {
      boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
      if (!ended || process.exitValue() != 0) {
        throw new IllegalStateException("record.mjs failed: " + Files.readString(errors));
      }
      List<JsonNode> all = Files.readAllLines(output).stream().map(Json::read).toList();
      SeenSecrets seen = SeenSecrets.of(url);
      all.forEach(line -> line.path("secrets").forEach(secret -> seen.add(secret.asText())));
      return all.stream()
          .collect(
              Collectors.groupingBy(
                  line -> line.path("topic").asText(),
                  LinkedHashMap::new,
                  Collectors.collectingAndThen(
                      Collectors.toList(),
                      lines ->
                          new BetterAuthWalk(lines.getFirst().path("topic").asText(), lines))));
    } finally {
      process.destroyForcibly();
      Files.delete(output);
      Files.delete(errors);
    }
  }

  /** Why the walk broke off, if it did. */
  Optional<String> failure() {
    return lines.stream()
        .filter(line -> line.has("failed"))
        .map(line -> line.path("step").asText() + ": " + line.path("failed").asText())
        .findFirst();
  }

  /** The calls of each step. */
  Map<String, List<JsonNode>> steps() {
    return lines.stream()
        .filter(line -> !line.has("failed"))
        .collect(
            Collectors.groupingBy(
                line -> line.path("step").asText(), LinkedHashMap::new, Collectors.toList()));
  }
}
