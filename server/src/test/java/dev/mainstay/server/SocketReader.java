package dev.mainstay.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One WebSocket connection, read message by message: the next one is asked for when it is. */
final class SocketReader implements AutoCloseable {
  private static final int DEADLINE_SECONDS = 60;

  private final HttpClient http = HttpClient.newHttpClient();
  private final BlockingQueue<Optional<String>> received = new LinkedBlockingQueue<>();
  private final WebSocket socket;
  private volatile int closeCode;

  /**
   * @param headers name, value, name, value, …
   * @throws java.util.concurrent.CompletionException with the refused handshake as its cause
   */
  SocketReader(URI server, String... headers) {
    WebSocket.Builder builder = http.newWebSocketBuilder();
    for (int i = 0; i < headers.length; i += 2) {
      builder.header(headers[i], headers[i + 1]);
    }
    URI uri = URI.create("ws://" + server.getAuthority() + "/ws");
    socket = builder.buildAsync(uri, new Received()).join();
  }

  static SocketReader open(URI server, String key) {
    return new SocketReader(server, "Authorization", "Bearer " + key);
  }

  private final class Received implements WebSocket.Listener {
    private final StringBuilder text = new StringBuilder();

    @Override
    public void onOpen(WebSocket webSocket) {
      // Nothing is read before somebody asks for it.
    }

    @Override
    public @Nullable CompletionStage<?> onText(
        WebSocket webSocket, CharSequence data, boolean last) {
      text.append(data);
      if (last) {
        received.add(Optional.of(text.toString()));
        text.setLength(0);
      } else {
        webSocket.request(1);
      }
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onPing(WebSocket webSocket, java.nio.ByteBuffer message) {
      webSocket.request(1);
      return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(
        WebSocket webSocket, int statusCode, String reason) {
      closeCode = statusCode;
      received.add(Optional.empty());
      return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
      received.add(Optional.empty());
    }
  }

  SocketReader subscribe(String taskId, long after) {
    return send(
        Json.object()
            .put("type", "subscribe")
            .put("taskId", taskId)
            .put("after", after)
            .toString());
  }

  SocketReader send(String text) {
    CompletableFuture<WebSocket> sent = socket.sendText(text, true);
    sent.join();
    return this;
  }

  /** The next message; empty once the connection is closed. */
  Optional<JsonNode> next() throws InterruptedException {
    socket.request(1);
    Optional<String> text = received.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
    if (text == null) {
      throw new AssertionError("nothing came within " + DEADLINE_SECONDS + " s");
    }
    return text.map(Json::read);
  }

  /** The next event that is stored. */
  Optional<JsonNode> nextStored() throws InterruptedException {
    Optional<JsonNode> event = next();
    while (event.isPresent() && !event.get().has("seq")) {
      event = next();
    }
    return event;
  }

  int closeCode() {
    return closeCode;
  }

  /** Cuts the connection. */
  @Override
  public void close() {
    socket.abort();
    http.shutdownNow();
  }
}
