package dev.mainstay.queue.sql;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.contract.ControlledHandler;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A worker process that is killed, for real. */
final class KilledProcessTest {
  private static final Duration LEASE = Duration.ofSeconds(1);

  @TempDir static Path directory;

  static Stream<Named<String>> databases() {
    return Stream.of(
        Named.of("SQLite", "jdbc:sqlite:" + directory.resolve("queue.db")),
        Named.of("PostgreSQL", PostgresServer.url(PostgresServer.newDatabase())));
  }

  /** The process that is killed: it works on one job without end, and adds others meanwhile. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] arguments) {
      SqlNode node = SqlNode.at(arguments[0], InstantSource.system());
      TaskQueue queue = node.queue();
      queue.add(JobRequest.of("test", "{}").with(options -> options.id("work")));
      queue.work(
          new WorkerOptions("victim", 1, LEASE, 1),
          (job, context) -> {
            print("started " + context.token());
            new CountDownLatch(1).await();
            return "";
          });
      for (int i = 0; true; i++) {
        Job job = queue.add(later("later-" + i));
        print("added " + job.id());
      }
    }

    private static JobRequest later(String id) {
      return JobRequest.of("test", "{}").with(options -> options.id(id).delay(LEASE.plusDays(1)));
    }

    private static synchronized void print(String line) {
      System.out.println(line);
      System.out.flush();
    }
  }

  @ParameterizedTest
  @MethodSource("databases")
  @Timeout(60)
  void runsTheJobOfAKilledProcessAgainAndKeepsWhatWasAcknowledged(String url) throws Exception {
    Process victim =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                Victim.class.getName(),
                url)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    long lostToken = 0;
    List<String> acknowledged = new ArrayList<>();
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith("started ")) {
          lostToken = Long.parseLong(line.substring("started ".length()));
        } else {
          acknowledged.add(line.substring("added ".length()));
        }
        if (lostToken > 0 && acknowledged.size() >= 50) {
          // SIGKILL; what it had written to the pipe by then is still read.
          victim.toHandle().destroyForcibly();
        }
      }
    } finally {
      victim.toHandle().destroyForcibly();
    }
    assertThat(victim.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(victim.exitValue()).isEqualTo(128 + 9);

    try (SqlNode node = SqlNode.at(url, InstantSource.system())) {
      assertThat(acknowledged)
          .hasSizeGreaterThanOrEqualTo(50)
          .allSatisfy(id -> assertThat(node.queue().find(id)).isPresent());
      ControlledHandler handler = ControlledHandler.create();
      try (Worker worker = node.queue().work(new WorkerOptions("heir", 1, LEASE, 1), handler)) {
        ControlledHandler.Run run = handler.next();
        assertThat(run.job().id()).isEqualTo("work");
        assertThat(run.job().stalledCount()).isOne();
        assertThat(run.context().token()).isGreaterThan(lostToken);
        assertThat(worker.active()).isOne();
      }
    }
  }
}
