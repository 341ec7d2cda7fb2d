package dev.mainstay.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mainstay key …} on a data directory. */
class KeyCommandTest {
  @TempDir private Path directory;

  private Commands.Done key(String... arguments) {
    Path data = directory.resolve("data");
    List<String> all = new ArrayList<>(List.of("key"));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--data", data.toString()));
    return new Commands(data).run(all.toArray(String[]::new));
  }

  @Test
  void aKeyIsMadeListedRotatedAndRevoked() {
    String secret = key("create", "--name", "ci", "--scopes", "tasks:read").out();
    assertThat(secret).matches("ms_[\\w-]{43}");
    String line = key("list").out();
    assertThat(line).contains("ci", "valid", "tasks:read", secret.substring(0, 9));
    assertThat(line).doesNotContain(secret);
    String id = line.substring(0, 36);

    Commands.Done rotated = key("rotate", id, "--overlap-seconds", "60");
    assertThat(rotated.code()).as(rotated.err()).isZero();
    assertThat(rotated.out()).matches("ms_[\\w-]{43}").isNotEqualTo(secret);
    assertThat(key("list").out().lines()).hasSize(2);
    assertThat(key("list").out()).contains("until 2");
    assertThat(key("rotate", id).err()).contains("taken the place");

    assertThat(key("revoke", id).code()).isZero();
    assertThat(key("list").out()).contains("revoked");
    assertThat(key("revoke", id).err()).contains("no such key");
    assertThat(key("rotate", id, "--overlap-seconds", "-1").code()).isEqualTo(1);
    assertThat(key().err()).isNotEmpty();
  }
}
