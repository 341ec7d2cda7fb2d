package dev.mainstay.queue.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.GroupLimits;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.WorkerOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  private static final String READY = "ready";

  @TempDir static Path directory;

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

  /** A process that works on queues until it is killed. */
  static final class Host {
    private Host() {}

    public static void main(String[] arguments) throws InterruptedException {
      DurableStore.Node node = Nodes.open(arguments[0]);
      for (String name : List.of(arguments[2].split(","))) {
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
      print(READY);
      Thread.currentThread().join();
    }

    private static synchronized void print(String line) {
      System.out.println(line);
      System.out.flush();
    }
  }

  @ParameterizedTest
  @MethodSource("dev.mainstay.queue.chaos.ChaosTest#stores")
  @Timeout(180)
  void areNeverExceeded(ChaosTest.Making making) throws Exception {
    List<Path> outputs = new ArrayList<>();
    boolean bullmq;
    try (DurableStore store = making.make(directory);
        DurableStore.Node node = Nodes.open(store.url())) {
      bullmq = store instanceof RedisStore;
      Map<String, TaskQueue> queues = fill(node, bullmq);
      List<Process> processes = new ArrayList<>();
      try {
        for (int i = 0; i < PROCESSES; i++) {
          Path output = Files.createTempFile(directory, "process", ".txt");
          outputs.add(output);
          processes.add(start(store.url(), i, String.join(",", queues.keySet()), output));
        }
        // The last process of a busy machine may start seconds after the first.
        await()
            .atMost(Duration.ofMinutes(1))
            .until(() -> outputs.stream().allMatch(ContendedLimitsTest::isReady));
        queues.values().forEach(TaskQueue::resume);
        await()
            .atMost(Duration.ofMinutes(2))
            .until(() -> queues.values().stream().allMatch(ContendedLimitsTest::isDone));
      } finally {
        for (Process process : processes) {
          process.destroyForcibly().waitFor();
        }
      }
    }

    List<Run> runs = runs(outputs);
    assertThat(of(runs, Run::queue, "concurrency")).hasSize(150);
    assertThat(overlap(of(runs, Run::queue, "concurrency"))).isBetween(2, CONCURRENCY);

    List<Run> rate = of(runs, Run::queue, "rate");
    assertThat(rate).hasSize(120);
    if (bullmq) {
      // What it lacks is refused, which the contract has.
      assertKeptInWindows(RATE, rate);
      return;
    }
    assertKept(RATE, rate, run -> 1, 2);
    assertKept(UNITS, of(runs, Run::queue, "units"), Run::units, 20);

    List<Run> groups = of(runs, Run::queue, "groups");
    assertThat(groups).hasSize(150);
    assertThat(overlap(of(groups, Run::group, "a"))).isOne();
    assertThat(overlap(of(groups, Run::group, "b"))).isBetween(2, 3);
    assertThat(overlap(of(groups, Run::group, "c"))).isBetween(2, 3);
  }

  /**
   * BullMQ counts from the first job of a window; the next window begins with the first job after
   * its end. The time of a job is that of its worker, just before it was taken.
   */
  private static void assertKeptInWindows(RateLimit limit, List<Run> runs) {
    long early = runs.stream().mapToLong(run -> run.start() - run.taken()).max().orElse(0);
    List<Long> times = runs.stream().map(Run::taken).sorted().toList();
    List<Integer> windows = new ArrayList<>();
    long end = Long.MIN_VALUE;
    for (long time : times) {
      if (time >= end) {
        windows.add(0);
        end = time + limit.duration().toMillis() - early;
      }
      windows.set(windows.size() - 1, windows.getLast() + 1);
    }
    assertThat(windows).hasSizeGreaterThan(3).allMatch(jobs -> jobs <= limit.max());
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

  private static Map<String, TaskQueue> fill(DurableStore.Node node, boolean bullmq) {
    TaskQueue concurrency = node.queue("concurrency");
    concurrency.setConcurrency(OptionalInt.of(CONCURRENCY));
    concurrency.addBulk(jobs(150));
    TaskQueue rate = node.queue("rate");
    rate.setRateLimit(Optional.of(RATE));
    rate.addBulk(jobs(120));
    if (bullmq) {
      return paused(Map.of("concurrency", concurrency, "rate", rate));
    }
    TaskQueue groups = node.queue("groups");
    groups.setGroupLimits(GroupLimits.NONE.withConcurrency(3));
    groups.setGroupLimits("a", Optional.of(GroupLimits.NONE.withConcurrency(1)));
    for (String group : List.of("a", "b", "c")) {
      groups.addBulk(
          jobs(50).stream().map(job -> job.with(options -> options.group(group))).toList());
    }
    TaskQueue units = node.queue("units");
    units.setUnitLimit(Optional.of(UNITS));
    List<JobRequest> weighted = new ArrayList<>();
    for (JobRequest job : jobs(80)) {
      long wanted = 1L + weighted.size() % 19;
      weighted.add(job.with(options -> options.units(wanted)));
    }
    units.addBulk(weighted);
    return paused(
        Map.of("concurrency", concurrency, "groups", groups, "rate", rate, "units", units));
  }

  private static Map<String, TaskQueue> paused(Map<String, TaskQueue> queues) {
    queues.values().forEach(TaskQueue::pause);
    return queues;
  }

  private static boolean isReady(Path output) {
    try {
      return Files.readString(output).startsWith(READY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<JobRequest> jobs(int count) {
    return IntStream.range(0, count).mapToObj(i -> JobRequest.of("test", "{}")).toList();
  }

  private static boolean isDone(TaskQueue queue) {
    Map<JobState, Long> counts = queue.counts();
    return Stream.of(JobState.WAITING, JobState.ACTIVE)
        .allMatch(state -> counts.getOrDefault(state, 0L) == 0);
  }

  private static Process start(String url, int number, String queues, Path output)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Host.class.getName(),
            url,
            Integer.toString(number),
            queues)
        .redirectOutput(output.toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static List<Run> runs(List<Path> outputs) throws IOException {
    List<List<Run>> runs = new ArrayList<>();
    for (Path output : outputs) {
      runs.add(Files.readAllLines(output).stream().skip(1).map(Run::of).toList());
    }
    // A busy machine may give one of them no time until the work is done.
    assertThat(runs)
        .as("runs of each process, most of which had jobs")
        .filteredOn(own -> !own.isEmpty())
        .hasSizeGreaterThan(PROCESSES / 2);
    return runs.stream().flatMap(List::stream).toList();
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
