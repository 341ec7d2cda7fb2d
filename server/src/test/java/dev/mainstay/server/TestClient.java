package dev.mainstay.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Plain HTTP against a server, with a key. */
final class TestClient {
  private final URI server;
  private final String key;
  private final HttpClient http = HttpClient.newHttpClient();

  TestClient(URI server, String key) {
    this.server = server;
    this.key = key;
  }

  /** An answer; {@code json} is missing where the body is none. */
  record Answer(int status, String body, HttpResponse<String> response) {
    JsonNode json() {
      return Json.read(body);
    }

    /** The cookie that it sets, as a request sends it. */
    String cookie() {
      String set = response.headers().firstValue("Set-Cookie").orElseThrow();
      return set.substring(0, set.indexOf(';'));
    }
  }

  Answer get(String path) throws IOException, InterruptedException {
    return send(request(path).GET());
  }

  Answer delete(String path) throws IOException, InterruptedException {
    return send(request(path).DELETE());
  }

  Answer post(String path, String body, String... headers)
      throws IOException, InterruptedException {
    SeenSecrets.of(server).sent(body);
    HttpRequest.Builder request =
        request(path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return send(request);
  }

  Answer put(String path, String body) throws IOException, InterruptedException {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .PUT(HttpRequest.BodyPublishers.ofString(body)));
  }

  /** All events of a task from a position on, until the server ends the stream. */
  List<JsonNode> follow(String taskId, long after) throws IOException, InterruptedException {
    HttpRequest request =
        request("/api/tasks/" + taskId + "/events")
            .header("Accept", "text/event-stream")
            .header("Last-Event-ID", Long.toString(after))
            .build();
    List<JsonNode> events = new ArrayList<>();
    HttpResponse<Stream<String>> response = http.send(request, HttpResponse.BodyHandlers.ofLines());
    try (Stream<String> lines = response.body()) {
      lines
          .filter(line -> line.startsWith("data: "))
          .forEach(line -> events.add(Json.read(line.substring("data: ".length()))));
    }
    return events;
  }

  HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.resolve(path));
    SeenSecrets.of(server).add(key);
    return key.isEmpty() ? request : request.header("Authorization", "Bearer " + key);
  }

  Answer send(HttpRequest.Builder request) throws IOException, InterruptedException {
    HttpResponse<String> response =
        http.send(request.build(), HttpResponse.BodyHandlers.ofString());
    SeenSecrets seen = SeenSecrets.of(server);
    seen.cookies(response.headers());
    seen.body(response.body());
    return new Answer(response.statusCode(), response.body(), response);
  }
}
