package dev.mainstay.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** A small client of the public API, for the shell. */
final class ApiClient {
  private final URI server;
  private final String key;
  private final HttpClient http = HttpClient.newHttpClient();

  ApiClient(URI server, String key) {
    this.server = server;
    this.key = key;
  }

  /**
   * @return the task's id
   */
  String createTask(String repoUrl, String prompt) throws IOException, InterruptedException {
    String body = Json.write(Json.object().put("repoUrl", repoUrl).put("prompt", prompt));
    HttpRequest request =
        request("/api/tasks")
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build();
    return Json.read(send(request)).path("id").asText();
  }

  String get(String path) throws IOException, InterruptedException {
    return send(request(path).build());
  }

  /** Hands over each event of a task until the task is over. */
  void follow(String taskId, Consumer<JsonNode> events) throws IOException, InterruptedException {
    HttpRequest request =
        request("/api/tasks/" + taskId + "/events").header("Accept", "text/event-stream").build();
    HttpResponse<Stream<String>> response = http.send(request, HttpResponse.BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      lines
          .filter(line -> line.startsWith("data: "))
          .map(line -> Json.read(line.substring("data: ".length())))
          .forEach(events);
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(server.resolve(path)).header("Authorization", "Bearer " + key);
  }

  private String send(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 300) {
      throw new CommandFailedException(
          request.uri().getPath() + " answered " + response.statusCode() + ": " + response.body());
    }
    return response.body();
  }
}
