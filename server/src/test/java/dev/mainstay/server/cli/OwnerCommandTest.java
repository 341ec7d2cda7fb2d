package dev.mainstay.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code mainstay owner …} on a data directory; what a reset ends is in {@code AccessTest}. */
class OwnerCommandTest {
  private static final String LINK =
      "Sign in once, within an hour: http://localhost:8080/sign-in#token=[\\w-]{40,}";

  @TempDir private Path directory;

  private Commands.Done owner(String act) {
    Path data = directory.resolve("data");
    return new Commands(data).run("owner", act, "--data", data.toString());
  }

  @Test
  void anOwnerIsMadeOnceAndLetInAgainAsOftenAsNeeded() {
    Commands.Done first = owner("create");
    assertThat(first.code()).as(first.err()).isZero();
    assertThat(first.out()).matches(LINK);

    Commands.Done second = owner("create");
    assertThat(second.code()).isEqualTo(1);
    assertThat(second.err()).contains("owner reset");
    assertThat(second.out()).isEmpty();

    Commands.Done again = owner("reset");
    assertThat(again.out()).matches(LINK).isNotEqualTo(first.out());
  }

  @Test
  void withoutAnActItSaysWhatThereIs() {
    assertThat(new Commands(directory).run("owner").err())
        .contains("owner create")
        .contains("owner reset");
  }
}
