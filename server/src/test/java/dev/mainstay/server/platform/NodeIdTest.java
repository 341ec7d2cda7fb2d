package dev.mainstay.server.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("postgres")
class NodeIdTest {

  @Test
  void aDirectoryKeepsItsName(@TempDir Path directory) {
    String first;
    try (DataDirectory data = DataDirectory.open(directory.resolve("data"))) {
      first = data.id();
      assertThat(data.id()).isEqualTo(first);
    }
    try (DataDirectory data = DataDirectory.open(directory.resolve("data"))) {
      assertThat(data.id()).isEqualTo(first);
    }
    try (DataDirectory other = DataDirectory.open(directory.resolve("other"))) {
      assertThat(other.id()).isNotEqualTo(first);
    }
  }

  @Test
  void oneProcessHasAName() {
    String url = TestPostgres.url(TestPostgres.newDatabase());
    try (Database one = PostgresDatabase.open(TestPostgres.config(url), "one");
        Database other = PostgresDatabase.open(TestPostgres.config(url), "other")) {
      try (NodeId first = NodeId.take(one, "node");
          NodeId second = NodeId.take(other, "node")) {
        assertThat(first.value()).isEqualTo("node");
        assertThat(first.regained()).isTrue();
        assertThat(second.value()).startsWith("node-");
        assertThat(second.regained()).isFalse();
      }
      // Its session ends with it, as that of a killed process does.
      Awaitility.await()
          .until(
              () -> {
                try (NodeId again = NodeId.take(other, "node")) {
                  return again.regained();
                }
              });
    }
  }
}
