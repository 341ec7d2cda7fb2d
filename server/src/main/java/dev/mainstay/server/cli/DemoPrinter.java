package dev.mainstay.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintStream;
import java.util.List;

/** Shows events to a person at a terminal. */
final class DemoPrinter {
  private static final int MAX_LINES = 12;
  private static final int MAX_COLUMNS = 110;

  private final PrintStream out;

  DemoPrinter(PrintStream out) {
    this.out = out;
  }

  void print(JsonNode event) {
    JsonNode data = event.path("data");
    switch (event.path("type").asText()) {
      case "status" ->
          line("•", data.path("status").asText() + " " + data.path("detail").asText(""));
      case "message" -> {
        if (data.path("role").asText().equals("assistant")) {
          for (JsonNode block : data.path("content")) {
            if (block.path("type").asText().equals("text")) {
              block(block.path("text").asText(), "  ");
            }
          }
        }
      }
      case "tool_call" -> line("→", data.path("name").asText() + " " + summary(data.path("input")));
      case "tool_result" -> {
        line(
            data.path("isError").asBoolean() ? "✗" : "✓",
            data.path("name").asText() + " in " + data.path("durationMs").asLong() + " ms");
        block(data.path("output").asText(), "    ");
      }
      case "complete" -> line("■", data.path("status").asText());
      default -> {
        // usage and deltas would only scroll the rest away
      }
    }
  }

  private static String summary(JsonNode input) {
    for (String field : new String[] {"command", "file_path", "pattern"}) {
      if (input.hasNonNull(field)) {
        return input.path(field).asText();
      }
    }
    return input.has("todos") ? input.path("todos").size() + " items" : "";
  }

  private void block(String text, String indent) {
    List<String> lines = text.stripTrailing().lines().toList();
    for (int i = 0; i < Math.min(lines.size(), MAX_LINES); i++) {
      out.println(indent + clip(lines.get(i)));
    }
    if (lines.size() > MAX_LINES) {
      out.println(indent + "… " + (lines.size() - MAX_LINES) + " more lines");
    }
  }

  private void line(String mark, String text) {
    out.println(mark + " " + clip(text.strip()));
  }

  private static String clip(String text) {
    return text.length() <= MAX_COLUMNS ? text : text.substring(0, MAX_COLUMNS - 1) + "…";
  }
}
