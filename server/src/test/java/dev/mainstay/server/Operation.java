package dev.mainstay.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * An operation of the API's description.
 *
 * @param open it asks for no credential
 * @param keys a key may call it
 * @param query its parameters in the query
 * @param body what it takes, as a JSON Schema; missing if it takes nothing
 */
record Operation(
    String method,
    String path,
    Optional<String> scope,
    boolean open,
    boolean keys,
    List<JsonNode> query,
    JsonNode body) {

  /** All of {@code openapi.json}. */
  static List<Operation> all() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(Operation.class.getResourceAsStream("/openapi.json"))) {
      JsonNode document = Json.MAPPER.readTree(in);
      List<Operation> all = new ArrayList<>();
      document
          .path("paths")
          .properties()
          .forEach(
              path ->
                  path.getValue()
                      .properties()
                      .forEach(
                          one ->
                              all.add(of(document, one.getKey(), path.getKey(), one.getValue()))));
      return all;
    }
  }

  private static Operation of(JsonNode document, String method, String path, JsonNode described) {
    JsonNode security = described.path("security");
    JsonNode body = described.at("/requestBody/content/application~1json/schema");
    return new Operation(
        method.toUpperCase(Locale.ROOT),
        path,
        Optional.ofNullable(described.get("x-scope")).map(JsonNode::asText),
        // Nothing is asked for, or a caller may be nobody.
        security.isEmpty() || security.get(0).isEmpty(),
        security.valueStream().anyMatch(one -> one.has("apiKey")),
        described
            .path("parameters")
            .valueStream()
            .filter(parameter -> parameter.path("in").asText().equals("query"))
            .toList(),
        resolved(document, body));
  }

  private static JsonNode resolved(JsonNode document, JsonNode schema) {
    return schema.has("$ref") ? document.at(schema.path("$ref").asText().substring(1)) : schema;
  }

  boolean isOfAccounts() {
    return path.startsWith("/api/auth/");
  }

  String name() {
    return method + " " + path;
  }
}
