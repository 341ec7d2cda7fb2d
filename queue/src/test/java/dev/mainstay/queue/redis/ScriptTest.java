package dev.mainstay.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The scripts are those of BullMQ's package. */
final class ScriptTest {
  private static final Path RESOLVED = Path.of("target", "bullmq");
  private static final Path BULLMQ = Path.of("node_modules", "bullmq");

  /** What BullMQ's own build has made of the same sources. */
  private static final Pattern CONTENT =
      Pattern.compile("(?s)const content = `(.*)`;\\nexports\\.");

  @Test
  void everyScriptIsThatOfTheOriginal() throws IOException {
    List<String> names;
    try (Stream<Path> files = Files.list(BULLMQ.resolve("dist/cjs/scripts"))) {
      names =
          files
              .map(file -> file.getFileName().toString())
              .filter(name -> name.matches("\\w+-\\d+\\.js"))
              .map(name -> name.replace(".js", ""))
              .toList();
    }
    assertThat(names).hasSize(64);
    assertThat(names)
        .allSatisfy(
            name ->
                assertThat(lines(Files.readString(RESOLVED.resolve(name + ".lua"))))
                    .isEqualTo(lines(original(name))));
  }

  private static String original(String name) throws IOException {
    String module = Files.readString(BULLMQ.resolve("dist/cjs/scripts/" + name + ".js"));
    Matcher content = CONTENT.matcher(module);
    assertThat(content.find()).as("%s has a script", name).isTrue();
    return content.group(1);
  }

  private static List<String> lines(String script) {
    return script.lines().map(String::stripTrailing).filter(line -> !line.isEmpty()).toList();
  }

  @Test
  void theLicenceIsBesideThem() {
    assertThat(Script.class.getResource("bullmq/LICENSE")).isNotNull();
  }

  @Test
  void redisUnderstandsEach() {
    try (RedisConnections connections = RedisConnections.open(RedisServerProcess.shared().uri())) {
      for (Script script : Script.values()) {
        assertThat(connections.await(connections.commands().scriptLoad(Utf8.bytes(script.text()))))
            .isEqualTo(script.sha());
      }
    }
  }
}
