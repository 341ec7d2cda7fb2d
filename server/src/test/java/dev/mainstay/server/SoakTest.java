package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs tasks of forty steps one after another, several at a time, each watched over a live stream,
 * and looks whether the server's process keeps what it should have given back: files, threads,
 * child processes and, over a long run, memory.
 *
 * <p>The default build takes a few seconds of it. {@code ./mvnw verify -Pchaos -pl server -am}
 * takes {@code -Dsoak.minutes=20}.
 */
class SoakTest {
  private static final boolean LONG = Boolean.getBoolean("chaos.full");
  private static final Duration LENGTH =
      LONG ? Duration.ofMinutes(Long.getLong("soak.minutes", 20)) : Duration.ofSeconds(6);

  private static final int AT_ONCE = 6;

  /** What a process may have more of at the end than after the first part, by chance. */
  private static final long SLACK = 8;

  private static final double GROWTH = 1.2;

  @TempDir Path directory;

  private final AtomicInteger tasks = new AtomicInteger();

  /** What a process holds. */
  private record Holdings(long files, long threads, long children, long residentKiB) {

    static Holdings of(long pid) throws IOException {
      Path process = Path.of("/proc", Long.toString(pid));
      long threads = 0;
      long resident = 0;
      for (String line : Files.readAllLines(process.resolve("status"))) {
        if (line.startsWith("Threads:")) {
          threads = number(line);
        } else if (line.startsWith("VmRSS:")) {
          resident = number(line);
        }
      }
      long children = ProcessHandle.of(pid).orElseThrow().descendants().count();
      try (Stream<Path> files = Files.list(process.resolve("fd"))) {
        return new Holdings(files.count(), threads, children, resident);
      }
    }

    private static long number(String line) {
      return Long.parseLong(line.replaceAll("\\D", ""));
    }
  }

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void serverGivesBackWhatTasksTook(TestReporter report) throws Exception {
    TestRepository repository = TestRepository.create(directory, "forty", FortySteps.REPOSITORY);
    try (PlayedModel model = new PlayedModel(new FortySteps());
        ServerProcess server =
            ServerProcess.start(
                directory,
                Map.of(
                    "ANTHROPIC_BASE_URL", model.url(),
                    "ANTHROPIC_API_KEY", "sk-test",
                    "MAINSTAY_LOCAL_REPOS", directory.toString()))) {
      run(server, model, repository, LENGTH.dividedBy(3));
      Holdings before = idle(server);
      run(server, model, repository, LENGTH.multipliedBy(2).dividedBy(3));
      Holdings after =
          Awaitility.await("the server holds no more than before")
              .atMost(Duration.ofSeconds(60))
              .until(
                  () -> Holdings.of(server.pid()),
                  now ->
                      now.children() <= before.children()
                          && now.files() <= before.files() + SLACK
                          && now.threads() <= before.threads() + SLACK);
      report.publishEntry("soak", "%d tasks; %s, then %s".formatted(tasks.get(), before, after));
      if (LONG) {
        assertThat(after.residentKiB()).isLessThan((long) (before.residentKiB() * GROWTH));
      }
      assertThat(model.violations()).isEmpty();
      assertThat(server.log()).doesNotContain("ERROR");
    }
  }

  /** Once no task runs, the children of the last one end. */
  private static Holdings idle(ServerProcess server) {
    return Awaitility.await("no task has processes left")
        .atMost(Duration.ofSeconds(60))
        .until(() -> Holdings.of(server.pid()), now -> now.children() == 0);
  }

  private void run(
      ServerProcess server, PlayedModel model, TestRepository repository, Duration length)
      throws Exception {
    long end = System.nanoTime() + length.toNanos();
    try (ExecutorService users = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < AT_ONCE; i++) {
        all.add(
            users.submit(
                () -> {
                  do {
                    watchOne(server, model, repository);
                  } while (System.nanoTime() < end);
                  return true;
                }));
      }
      for (Future<?> user : all) {
        user.get();
      }
    }
  }

  private void watchOne(ServerProcess server, PlayedModel model, TestRepository repository)
      throws Exception {
    String prompt = "Make forty steps, number " + tasks.incrementAndGet();
    String id = server.tasks().create(repository.url(), prompt);
    assertThat(server.client().follow(id, 0).getLast().path("type").asText()).isEqualTo("complete");
    server.tasks().awaitSuccess(id);
    model.forget(prompt);
  }
}
