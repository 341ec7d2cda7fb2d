package dev.mainstay.queue.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.TaskQueue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Jobs are added and worked on while every second a worker process is killed, and the store crashes
 * twice. What was acknowledged is completed, once. The default build does so with 10,000 jobs; for
 * 30 minutes:
 *
 * <pre>./mvnw test -pl queue -Dtest=ChaosTest -Dchaos.minutes=30</pre>
 *
 * and with {@code -Dchaos.store=Redis} on one of the stores alone.
 */
final class ChaosTest {
  private static final Logger LOG = LoggerFactory.getLogger(ChaosTest.class);
  private static final int JOBS = 10_000;
  private static final int PROCESSES = 4;
  private static final int CRASHES = 2;
  private static final int BULK = 50;
  private static final Duration ADDING = Duration.ofMinutes(Integer.getInteger("chaos.minutes", 0));

  @TempDir Path directory;

  private final List<Path> ledgers = new ArrayList<>();
  private final List<Process> processes = new ArrayList<>();

  /** The ledger of each process. */
  private final List<Path> ledgersOf = new ArrayList<>();

  private final Set<String> acknowledged = new HashSet<>();
  private int kills;

  /** Makes a store in a directory. */
  interface Making {
    DurableStore make(Path directory) throws Exception;
  }

  static Stream<Named<Making>> stores() {
    String only = System.getProperty("chaos.store", "");
    Stream<Named<Making>> all =
        Stream.of(
            Named.of("SQLite", directory -> new SqliteStore(directory.resolve("queue.db"))),
            Named.of("PostgreSQL", directory -> new PostgresStore(directory.resolve("postgres"))),
            Named.of("Redis", directory -> new RedisStore(directory.resolve("redis"))));
    return all.filter(store -> only.isEmpty() || store.getName().equals(only));
  }

  @ParameterizedTest
  @MethodSource("stores")
  @Timeout(value = 60, unit = TimeUnit.MINUTES)
  void completesWhatItHasAcknowledgedOnce(Making making) throws Exception {
    try (DurableStore store = making.make(directory);
        DurableStore.Node node = Nodes.open(store.url())) {
      TaskQueue queue = node.queue();
      CompletableFuture<Void> adding = new CompletableFuture<>();
      Thread producer = Thread.ofVirtual().start(() -> produce(queue, adding));
      try {
        for (int i = 0; i < PROCESSES; i++) {
          processes.add(start(store.url()));
          ledgersOf.add(ledgers.getLast());
        }
        disturb(store, queue, adding);
      } finally {
        producer.interrupt();
        for (Process process : processes) {
          process.toHandle().destroyForcibly();
        }
        for (Process process : processes) {
          process.waitFor();
        }
      }
      LOG.info("{} jobs, {} kills, {} crashes", acknowledged.size(), kills, CRASHES);
      check(queue);
    }
  }

  /** Adds jobs, each again until it is acknowledged. */
  private void produce(TaskQueue queue, CompletableFuture<Void> adding) {
    long until = System.nanoTime() + ADDING.toNanos();
    int added = 0;
    try {
      while (added < JOBS || System.nanoTime() - until < 0) {
        List<JobRequest> jobs = new ArrayList<>();
        for (int i = 0; i < BULK; i++) {
          jobs.add(job(added + i));
        }
        add(queue, jobs);
        added += BULK;
        // In a long run jobs come as fast as they are done, not all at once.
        while (added > JOBS && waiting(queue) > JOBS) {
          TimeUnit.MILLISECONDS.sleep(100);
        }
      }
      adding.complete(null);
    } catch (InterruptedException e) {
      adding.completeExceptionally(e);
    }
  }

  private static JobRequest job(int number) {
    return JobRequest.of("chaos", number % 10 == 3 ? ChaosWorker.FAILS_ONCE : "{}")
        .with(
            options ->
                options
                    .id("job-" + number)
                    .priority(number % 4)
                    .delay(Duration.ofMillis(number % 7 == 0 ? 500 : 0))
                    .attempts(3, Backoff.fixed(Duration.ofMillis(number % 20 == 3 ? 200 : 0)))
                    .removeOnComplete(Retention.ALL)
                    .removeOnFail(Retention.ALL));
  }

  private void add(TaskQueue queue, List<JobRequest> jobs) throws InterruptedException {
    while (true) {
      try {
        queue.addBulk(jobs).forEach(job -> acknowledged.add(job.id()));
        return;
      } catch (RuntimeException e) {
        LOG.info("Not acknowledged, adding again: {}", e.toString());
        TimeUnit.MILLISECONDS.sleep(100);
      }
    }
  }

  private static long waiting(TaskQueue queue) {
    try {
      return queue.counts().getOrDefault(JobState.WAITING, 0L);
    } catch (RuntimeException e) {
      return Long.MAX_VALUE; // the store is away just now
    }
  }

  /** Kills and crashes until all jobs are done. */
  private void disturb(DurableStore store, TaskQueue queue, CompletableFuture<Void> adding)
      throws Exception {
    try (ScheduledExecutorService seconds = Executors.newSingleThreadScheduledExecutor()) {
      Disturber disturber = new Disturber(store);
      var killing = seconds.scheduleAtFixedRate(disturber, 2, 1, TimeUnit.SECONDS);
      try {
        await()
            .atMost(ADDING.plusMinutes(10))
            .pollInterval(Duration.ofMillis(500))
            .until(
                () ->
                    killing.isDone()
                        || (adding.isDone()
                            && disturber.crashes.get() == CRASHES
                            && isDone(queue)));
      } finally {
        killing.cancel(false);
        seconds.shutdown();
      }
      assertThat(disturber.failure).isNull();
      adding.join();
    }
  }

  /** One kill a second, and now and then a crash of the store. */
  private final class Disturber implements Runnable {
    private final DurableStore store;
    private final long crashEvery = Math.max(5, ADDING.toSeconds() / (CRASHES + 1));
    private final AtomicInteger crashes = new AtomicInteger();
    private volatile @Nullable Throwable failure;
    private int seconds;

    Disturber(DurableStore store) {
      this.store = store;
    }

    @Override
    public void run() {
      try {
        seconds++;
        if (crashes.get() < CRASHES && seconds % crashEvery == 0) {
          LOG.info("The store crashes");
          store.crash();
          for (int i = 0; store instanceof SqliteStore && i < PROCESSES; i++) {
            replace(i, store.url());
          }
          crashes.incrementAndGet();
        } else {
          killOne(store.url());
        }
      } catch (Exception | AssertionError e) {
        failure = e;
        throw new IllegalStateException(e);
      }
    }
  }

  /** Kills the process that has worked for longest; one that has not yet begun is let be. */
  private void killOne(String url) throws Exception {
    for (Path ledger : List.copyOf(ledgers)) {
      int index = ledgersOf.indexOf(ledger);
      if (index >= 0 && Files.exists(ledger) && Files.size(ledger) > 0) {
        replace(index, url);
        return;
      }
    }
  }

  private void replace(int index, String url) throws Exception {
    Process victim = processes.get(index);
    victim.toHandle().destroyForcibly();
    assertThat(victim.waitFor()).as("it was killed, and has not ended by itself").isEqualTo(137);
    kills++;
    processes.set(index, start(url));
    ledgersOf.set(index, ledgers.getLast());
  }

  private Process start(String url) throws IOException {
    Path ledger = directory.resolve("ledger-" + ledgers.size() + ".txt");
    ledgers.add(ledger);
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            ChaosWorker.class.getName(),
            url,
            "worker-" + ledgers.size(),
            ledger.toString())
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(directory.resolve("errors.txt").toFile())
        .start();
  }

  private static boolean isDone(TaskQueue queue) {
    Map<JobState, Long> counts;
    try {
      counts = queue.counts();
    } catch (RuntimeException e) {
      return false; // the store is away just now
    }
    return Stream.of(JobState.WAITING, JobState.DELAYED, JobState.ACTIVE)
        .allMatch(state -> counts.getOrDefault(state, 0L) == 0);
  }

  private void check(TaskQueue queue) throws IOException {
    Map<String, List<Ledger.Entry>> runs = new HashMap<>();
    for (Path ledger : ledgers) {
      if (Files.exists(ledger)) {
        for (Ledger.Entry entry : Ledger.read(ledger)) {
          runs.computeIfAbsent(entry.jobId(), id -> new ArrayList<>()).add(entry);
        }
      }
    }
    assertThat(acknowledged).hasSizeGreaterThanOrEqualTo(JOBS);
    assertThat(kills).as("processes were killed").isGreaterThan(PROCESSES);
    assertThat(queue.counts())
        .as("all are completed, none is active")
        .allSatisfy(
            (state, count) ->
                assertThat(count)
                    .as("%s", state)
                    .isEqualTo(state == JobState.COMPLETED ? acknowledged.size() : 0));
    Set<String> seen = new HashSet<>();
    Optional<String> cursor = Optional.empty();
    do {
      Page<Job> page = queue.list(JobState.COMPLETED, cursor, TaskQueue.MAX_PAGE);
      for (Job job : page.items()) {
        assertThat(seen.add(job.id())).isTrue();
        checkRuns(job, runs.getOrDefault(job.id(), List.of()));
      }
      cursor = page.next();
    } while (cursor.isPresent());
    assertThat(seen).isEqualTo(acknowledged);
  }

  private static void checkRuns(Job job, List<Ledger.Entry> entries) {
    List<Ledger.Entry> begun = entries.stream().filter(entry -> !entry.end()).toList();
    assertThat(begun).as("runs of %s", job.id()).isNotEmpty();
    assertThat(begun.stream().map(Ledger.Entry::token))
        .as("tokens of %s: each claim has its own", job.id())
        .doesNotHaveDuplicates();
    // Not by time: a worker that stood still for longer than its lease may begin after its heir.
    List<Ledger.Entry> inOrder =
        begun.stream().sorted(Comparator.comparingLong(Ledger.Entry::token)).toList();
    // The last to get the job is the one whose result stands: nobody before it could end it, and
    // nobody got it once it had ended.
    assertThat(job.returnValue())
        .as("the result of %s is that of its last run", job.id())
        .contains(Long.toString(inOrder.getLast().token()));
    assertThat(entries)
        .filteredOn(Ledger.Entry::end)
        .extracting(Ledger.Entry::token)
        .contains(inOrder.getLast().token());
    boolean failsOnce = job.data().equals(ChaosWorker.FAILS_ONCE);
    assertThat(job.attemptsMade())
        .as("attempts of %s with runs %s, failures %s", job.id(), inOrder, job.stackTraces())
        .isEqualTo(failsOnce ? 2 : 1);
  }
}
