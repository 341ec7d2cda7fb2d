package dev.mainstay.server.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class MigrationsTest {

  @Test
  void theLatestVersionIsTheNewestFile() throws Exception {
    try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration"))) {
      assertThat(
              files.map(file -> file.getFileName().toString().replaceFirst("^V(\\d+)__.*", "$1")))
          .as("set Migrations.LATEST with each new migration")
          .contains(Migrations.LATEST)
          .allSatisfy(
              version ->
                  assertThat(Integer.parseInt(version))
                      .isLessThanOrEqualTo(Integer.parseInt(Migrations.LATEST)));
    }
  }
}
