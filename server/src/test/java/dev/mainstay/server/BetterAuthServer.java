package dev.mainstay.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** A real Better Auth server as a process of its own: {@code reference.mjs}. */
final class BetterAuthServer implements AutoCloseable {
  static final Path DIRECTORY = Path.of("src/test/better-auth");

  private final NodeServer node;

  private BetterAuthServer(NodeServer node) {
    this.node = node;
  }

  /**
   * @param oidc where its people may sign in, too
   */
  static BetterAuthServer start(URI oidc) throws IOException, InterruptedException {
    return new BetterAuthServer(
        NodeServer.start(
            DIRECTORY,
            "reference.mjs",
            Map.of("OIDC_ISSUER", oidc.toString(), "OIDC_SECRET", OidcProviderServer.SECRET)));
  }

  URI url() {
    return node.url();
  }

  /** Every endpoint that it has, as {@code GET /path}. */
  List<String> endpoints() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String body =
          http.send(
                  HttpRequest.newBuilder(url().resolve("/__endpoints")).build(),
                  HttpResponse.BodyHandlers.ofString())
              .body();
      return StreamSupport.stream(Json.read(body).spliterator(), false)
          .map(JsonNode::asText)
          .toList();
    }
  }

  @Override
  public void close() {
    node.close();
  }
}
