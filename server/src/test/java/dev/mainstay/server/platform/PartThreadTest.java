package dev.mainstay.server.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What ends the thread of a part, such as a relay or a watcher, ends a real process with a code.
 */
@Tag("once") // no database
@Timeout(180)
class PartThreadTest {

  /** A process of which one part meets something. */
  static final class Main {
    private Main() {}

    public static void main(String[] arguments) throws InterruptedException {
      Thread part = PartThread.start("relay", () -> meet(arguments[0]));
      part.join();
      System.exit(0);
    }

    private static void meet(String what) throws InterruptedException {
      switch (what) {
        case "nothing" -> {}
        case "interrupt" -> throw new InterruptedException();
        case "assertion" -> throw new AssertionError("a test's own");
        case "linkage" -> throw new NoClassDefFoundError("a/Class");
        case "exception" -> throw new IllegalStateException("a test's own");
        case "stack" -> throw new StackOverflowError();
        case "thread" -> throw new OutOfMemoryError("unable to create native thread");
        case "heap" -> throw new OutOfMemoryError("Java heap space");
        case "wrapped heap" ->
            throw new IllegalStateException(new OutOfMemoryError("Java heap space"));
        case "machine" -> throw new InternalError("a test's own");
        default -> throw new IllegalArgumentException(what);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "nothing, 0",
    "interrupt, 0",
    "assertion, 70",
    "linkage, 70",
    "exception, 70",
    "stack, 70",
    "thread, 70",
    "heap, 3",
    "wrapped heap, 3",
    "machine, 3"
  })
  void theProcessEndsWithItsCode(String what, int code) throws Exception {
    Process process = start(what);
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isEqualTo(code);
    if (code == 70) {
      assertThat(output).contains("The part \"relay\" has died");
    }
  }

  private static Process start(String what) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Main.class.getName(),
            what)
        .redirectErrorStream(true)
        .start();
  }
}
