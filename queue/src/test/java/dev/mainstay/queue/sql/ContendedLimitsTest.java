package dev.mainstay.queue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.WorkerOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Limits that eight processes share, as their handlers see them. */
final class ContendedLimitsTest {
  private static final int PROCESSES = 8;
  private static final int CONCURRENCY = 6;
  private static final RateLimit RATE = new RateLimit(30, Duration.ofSeconds(1));
  private static final RateLimit UNITS = new RateLimit(150, Duration.ofSeconds(2));

  @TempDir static Path directory;

  static Stream<Named<String>> databases() {
    return Stream.of(
        Named.of("SQLite", "jdbc:sqlite:" + directory.resolve("queue.db")),
        Named.of("PostgreSQL", PostgresServer.url(PostgresServer.newDatabase())));
  }

  /**
   * What a handler has seen of one job, in epoch milliseconds.
   *
   * @param group empty if it has none
   * @param taken when the store gave the job to a worker, which is what counts
   */
  private record Run(String queue, String group, long units, long taken, long start, long end) {

    static Run of(String line) {
      String[] parts = line.split(" ", -1);
      return new Run(
          parts[0],
          parts[1],
          Long.parseLong(parts[2]),
          Long.parseLong(parts[3]),
          Long.parseLong(parts[4]),
          Long.parseLong(parts[5]));
    }
  }

  /** A process that works on all four queues until it is killed. */
  static final class Host {
    private Host() {}

    public static void main(String[] arguments) throws InterruptedException {
      SqlNode node = SqlNode.at(arguments[0], InstantSource.system());
      for (String name : List.of("concurrency", "groups", "rate", "units")) {
        node.queue(name)
            .work(
                WorkerOptions.of("process-" + arguments[1], 4),
                (job, context) -> {
                  long start = System.currentTimeMillis();
                  Thread.sleep(20);
                  print(
                      "%s %s %d %d %d %d"
                          .formatted(
                              name,
                              job.options().group().orElse(""),
                              job.options().units(),
                              job.processedAt().orElseThrow().toEpochMilli(),
                              start,
                              System.currentTimeMillis()));
                  return "";
                });
      }
      Thread.currentThread().join();
    }

    private static synchronized void print(String line) {
      System.out.println(line);
      System.out.flush();
    }
  }

  @ParameterizedTest
  @MethodSource("databases")
  @Timeout(180)
  void areNeverExceeded(String url) throws Exception {
    List<Process> processes = new ArrayList<>();
    List<Path> outputs = new ArrayList<>();
    try (SqlNode node = SqlNode.at(url, InstantSource.system())) {
      List<TaskQueue> queues = fill(node);
      for (int i = 0; i < PROCESSES; i++) {
        Path output = Files.createTempFile(directory, "process", ".txt");
        outputs.add(output);
        processes.add(start(url, i, output));
      }
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> queues.stream().allMatch(ContendedLimitsTest::isDone));
    } finally {
      processes.forEach(process -> process.toHandle().destroyForcibly());
    }

    List<Run> runs = runs(outputs);
    assertThat(of(runs, Run::queue, "concurrency")).hasSize(150);
    assertThat(overlap(of(runs, Run::queue, "concurrency"))).isBetween(2, CONCURRENCY);

    List<Run> groups = of(runs, Run::queue, "groups");
    assertThat(groups).hasSize(150);
    assertThat(overlap(of(groups, Run::group, "a"))).isOne();
    assertThat(overlap(of(groups, Run::group, "b"))).isBetween(2, 3);
    assertThat(overlap(of(groups, Run::group, "c"))).isBetween(2, 3);

    assertKept(RATE, of(runs, Run::queue, "rate"), run -> 1, 2);
    assertKept(UNITS, of(runs, Run::queue, "units"), Run::units, 20);
  }

  /** A limit holds for the times at which jobs were taken, and for what the handlers have seen. */
  private static void assertKept(
      RateLimit limit, List<Run> runs, ToLongFunction<Run> used, long least) {
    assertThat(most(runs, Run::taken, limit.duration().toMillis(), used))
        .isBetween(least, limit.max());
    // On a busy machine a job loses time until its handler begins; by so much they may seem closer.
    long late = runs.stream().mapToLong(run -> run.start() - run.taken()).max().orElse(0);
    long seen = limit.duration().toMillis() - late;
    assertThat(most(runs, Run::start, seen, used)).isLessThanOrEqualTo(limit.max());
  }

  private static List<TaskQueue> fill(SqlNode node) {
    TaskQueue concurrency = node.queue("concurrency");
    concurrency.setConcurrency(OptionalInt.of(CONCURRENCY));
    concurrency.addBulk(jobs(150));
    TaskQueue groups = node.queue("groups");
    groups.setGroupLimits(GroupLimits.NONE.withConcurrency(3));
    groups.setGroupLimits("a", Optional.of(GroupLimits.NONE.withConcurrency(1)));
    for (String group : List.of("a", "b", "c")) {
      groups.addBulk(
          jobs(50).stream().map(job -> job.with(options -> options.group(group))).toList());
    }
    TaskQueue rate = node.queue("rate");
    rate.setRateLimit(Optional.of(RATE));
    rate.addBulk(jobs(120));
    TaskQueue units = node.queue("units");
    units.setUnitLimit(Optional.of(UNITS));
    List<JobRequest> weighted = new ArrayList<>();
    for (JobRequest job : jobs(80)) {
      long wanted = 1L + weighted.size() % 19;
      weighted.add(job.with(options -> options.units(wanted)));
    }
    units.addBulk(weighted);
    return List.of(concurrency, groups, rate, units);
  }

  private static List<JobRequest> jobs(int count) {
    return IntStream.range(0, count).mapToObj(i -> JobRequest.of("test", "{}")).toList();
  }

  private static boolean isDone(TaskQueue queue) {
    Map<JobState, Long> counts = queue.counts();
    return Stream.of(JobState.WAITING, JobState.ACTIVE)
        .allMatch(state -> counts.getOrDefault(state, 0L) == 0);
  }

  private static Process start(String url, int number, Path output) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Host.class.getName(),
            url,
            Integer.toString(number))
        .redirectOutput(output.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static List<Run> runs(List<Path> outputs) throws IOException {
    List<Run> runs = new ArrayList<>();
    for (Path output : outputs) {
      List<Run> own = Files.readAllLines(output).stream().map(Run::of).toList();
      assertThat(own).as("each process has had jobs").isNotEmpty();
      runs.addAll(own);
    }
    return runs;
  }

  private static List<Run> of(List<Run> runs, Function<Run, String> key, String value) {
    return runs.stream().filter(run -> key.apply(run).equals(value)).toList();
  }

  /** The most handlers that ran at once. */
  private static int overlap(List<Run> runs) {
    return runs.stream()
        .mapToInt(
            run ->
                (int)
                    runs.stream()
                        .filter(other -> other.start() <= run.start() && run.start() < other.end())
                        .count())
        .max()
        .orElse(0);
  }

  /** The most that was used within so many milliseconds. */
  private static long most(
      List<Run> runs, ToLongFunction<Run> at, long length, ToLongFunction<Run> used) {
    List<Run> ordered = runs.stream().sorted(Comparator.comparingLong(at)).toList();
    return ordered.stream()
        .mapToLong(
            first ->
                ordered.stream()
                    .filter(
                        run ->
                            at.applyAsLong(run) >= at.applyAsLong(first)
                                && at.applyAsLong(run) < at.applyAsLong(first) + length)
                    .mapToLong(used)
                    .sum())
        .max()
        .orElse(0);
  }
}
