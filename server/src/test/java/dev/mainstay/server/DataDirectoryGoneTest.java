package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server whose data directory goes does not acknowledge what is lost. */
@Tag("once") // a directory, whatever the database is
class DataDirectoryGoneTest {
  @TempDir private Path directory;

  enum Loss {
    DELETED {
      @Override
      void happen(Path data) throws IOException {
        delete(data);
      }
    },
    MOVED {
      @Override
      void happen(Path data) throws IOException {
        Files.move(data, data.resolveSibling("elsewhere"));
      }
    },
    REPLACED {
      @Override
      void happen(Path data) throws IOException {
        MOVED.happen(data);
        Files.createDirectory(data);
        Files.createFile(data.resolve("server.lock"));
        Files.copy(
            data.resolveSibling("elsewhere").resolve("mainstay.db"), data.resolve("mainstay.db"));
      }
    },
    DATABASE_DELETED {
      @Override
      void happen(Path data) throws IOException {
        Files.delete(data.resolve("mainstay.db"));
      }
    },
    DATABASE_RESTORED_OVER_IT {
      @Override
      void happen(Path data) throws IOException {
        Path copy = data.resolve("copy.db");
        Files.copy(data.resolve("mainstay.db"), copy);
        Files.move(copy, data.resolve("mainstay.db"), java.nio.file.StandardCopyOption.ATOMIC_MOVE);
      }
    };

    abstract void happen(Path data) throws IOException;
  }

  private static void delete(Path data) throws IOException {
    List<Path> all;
    try (Stream<Path> files = Files.walk(data)) {
      all = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : all) {
      Files.deleteIfExists(file);
    }
  }

  @ParameterizedTest
  @EnumSource
  void theProcessEndsWithItsCodeAndOneSentence(Loss loss) throws Exception {
    try (ServerProcess server = ServerProcess.start(directory, Map.of("MAINSTAY_ROLES", "web"))) {
      loss.happen(server.data());
      assertThat(server.awaitEnd()).isEqualTo(74);
      assertThat(server.log())
          .contains("The data directory " + server.data() + " was deleted, moved or replaced")
          .doesNotContain("\tat ");
    }
  }
}
