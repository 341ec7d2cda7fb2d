package dev.mainstay.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** One SSE connection of a task's events, read line by line, that can be cut anywhere. */
final class EventReader implements AutoCloseable {
  private final HttpClient http = HttpClient.newHttpClient();
  private final InputStream body;
  private final BufferedReader lines;

  EventReader(TestClient client, String taskId, long after)
      throws IOException, InterruptedException {
    HttpResponse<InputStream> response =
        http.send(
            client
                .request("/api/tasks/" + taskId + "/events")
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", Long.toString(after))
                .build(),
            HttpResponse.BodyHandlers.ofInputStream());
    body = response.body();
    lines = new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    if (response.statusCode() != 200) {
      throw new IOException("status " + response.statusCode());
    }
  }

  /** The next event or delta; empty at the end of the stream. */
  Optional<JsonNode> next() throws IOException {
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("data: ")) {
        return Optional.of(Json.read(line.substring("data: ".length())));
      }
    }
    return Optional.empty();
  }

  /** The next event that is stored. */
  Optional<JsonNode> nextStored() throws IOException {
    Optional<JsonNode> event = next();
    while (event.isPresent() && !event.get().has("seq")) {
      event = next();
    }
    return event;
  }

  /** How many lines came up to the first heartbeat, or 0 if the stream ended before one. */
  int awaitHeartbeat() throws IOException {
    int count = 1;
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith(":")) {
        return count;
      }
      count++;
    }
    return 0;
  }

  @Override
  public void close() throws IOException {
    body.close();
    http.shutdownNow();
  }
}
