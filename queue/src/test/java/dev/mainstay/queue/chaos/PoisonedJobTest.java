package dev.mainstay.queue.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.WorkerOptions;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A job that kills its worker each time ends failed, and does not go on forever. */
final class PoisonedJobTest {
  private static final int MAX_STALLED = 2;
  private static final Duration LEASE = Duration.ofMillis(500);

  @TempDir Path directory;

  /** A process that a job kills. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] arguments) throws Exception {
      DurableStore.Node node = Nodes.open(arguments[0]);
      node.queue()
          .work(
              new WorkerOptions(arguments[1], 1, LEASE, MAX_STALLED),
              (job, context) -> {
                if (job.id().equals("poisoned")) {
                  Runtime.getRuntime().halt(42);
                }
                return "";
              });
      Thread.currentThread().join();
    }
  }

  static Stream<Named<ChaosTest.Making>> stores() {
    return ChaosTest.stores();
  }

  @ParameterizedTest
  @MethodSource("stores")
  @Timeout(value = 3, unit = TimeUnit.MINUTES)
  void endsFailed(ChaosTest.Making making) throws Exception {
    try (DurableStore store = making.make(directory);
        DurableStore.Node node = Nodes.open(store.url())) {
      node.queue().add(JobRequest.of("poison", "{}").with(options -> options.id("poisoned")));
      for (int i = 0; i <= MAX_STALLED; i++) {
        Process victim = start(store.url(), i);
        assertThat(victim.waitFor(60, TimeUnit.SECONDS)).as("the job kills its worker").isTrue();
        assertThat(victim.exitValue()).isEqualTo(42);
      }
      Process heir = start(store.url(), MAX_STALLED + 1);
      try {
        await().atMost(Duration.ofSeconds(60)).until(() -> job(node).state() == JobState.FAILED);
        node.queue().add(JobRequest.of("cure", "{}").with(options -> options.id("next")));
        await()
            .atMost(Duration.ofSeconds(60))
            .until(() -> node.queue().find("next").orElseThrow().state() == JobState.COMPLETED);
        assertThat(heir.isAlive()).as("the worker that got it next lives on").isTrue();
      } finally {
        heir.destroyForcibly().waitFor();
      }
      assertThat(job(node).failedReason().orElseThrow()).contains("stalled more than");
      assertThat(job(node).stalledCount()).isEqualTo(MAX_STALLED + 1);
    }
  }

  private static Job job(DurableStore.Node node) {
    return node.queue().find("poisoned").orElseThrow();
  }

  private Process start(String url, int number) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Victim.class.getName(),
            url,
            "victim-" + number)
        .redirectErrorStream(true)
        .redirectOutput(directory.resolve("victim-" + number + ".txt").toFile())
        .start();
  }
}
