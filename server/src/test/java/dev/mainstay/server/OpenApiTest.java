package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectWriter;
import dev.mainstay.server.platform.Json;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The committed document is the one that the declarations give. {@code -Dopenapi.write} writes it.
 */
@Tag("once") // needs no database
class OpenApiTest {
  private static final Path DOCUMENT = Path.of("src/main/resources/openapi.json");

  @Test
  void documentMatchesTheEndpoints(@TempDir Path directory) throws Exception {
    try (TestServer server = TestServer.start(directory)) {
      JsonNode written = new OpenApiWriter().write(server.mainstay().endpoints());
      DefaultPrettyPrinter printer = new DefaultPrettyPrinter();
      printer.indentObjectsWith(new DefaultIndenter("  ", "\n"));
      printer.indentArraysWith(new DefaultIndenter("  ", "\n"));
      ObjectWriter writer = Json.MAPPER.writer(printer);
      String text = writer.writeValueAsString(written) + "\n";
      if (Boolean.getBoolean("openapi.write")) {
        Files.writeString(DOCUMENT, text);
      }
      assertThat(DOCUMENT)
          .as("run ./mvnw verify -pl server -am -Dopenapi.write=true and look at the change")
          .hasContent(text);
    }
  }
}
