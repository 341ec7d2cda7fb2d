import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;

/** A queue as the benchmark drives it, in a process of its own: see {@code peers/driver.mjs}. */
interface Driver extends AutoCloseable {
  String PAYLOAD =
      "{\"to\":\"ada@example.org\",\"subject\":\"A benchmark\",\"number\":12345678,\"retries\":0}";
  int BULK = 1000;

  /** Queues that look every few seconds give fewer latencies. */
  Duration LATENCY_BUDGET = Duration.ofSeconds(20);

  void add() throws Exception;

  void addBulk(int jobs) throws Exception;

  /**
   * Starts a worker.
   *
   * @param handler what each job does
   */
  Running work(int concurrency, Runnable handler) throws Exception;

  /** A worker. */
  interface Running {
    /** Waits until the ends of so many jobs are stored. */
    void awaitStored(int jobs) throws Exception;

    void stop() throws Exception;
  }

  void clear() throws Exception;

  @Override
  void close() throws Exception;

  /** Opens a driver. */
  interface Opening {
    Driver open(String url) throws Exception;
  }

  static void drive(String url, Opening opening) throws Exception {
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (Driver driver = opening.open(url)) {
      say("open");
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        String[] words = line.split(" ");
        try {
          say("ok " + answer(driver, words[0], number(words, 1), number(words, 2)));
        } catch (Exception e) {
          e.printStackTrace();
          say("failed " + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
      }
    }
    System.exit(0);
  }

  private static void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static int number(String[] words, int index) {
    return words.length > index ? Integer.parseInt(words[index]) : 0;
  }

  private static String answer(Driver driver, String command, int jobs, int concurrency)
      throws Exception {
    long start = System.nanoTime();
    switch (command) {
      case "clear" -> driver.clear();
      case "add" -> add(driver, jobs, concurrency);
      case "bulk", "fill" -> {
        for (int added = 0; added < jobs; added += BULK) {
          driver.addBulk(Math.min(BULK, jobs - added));
        }
      }
      case "process" -> {
        Running running = driver.work(concurrency, () -> {});
        running.awaitStored(jobs);
        long nanos = System.nanoTime() - start;
        running.stop();
        return Long.toString(nanos);
      }
      case "latency" -> {
        return latency(driver, jobs);
      }
      case "hang" -> {
        CountDownLatch begun = new CountDownLatch(1);
        driver.work(
            1,
            () -> {
              begun.countDown();
              sleepForever();
            });
        begun.await();
      }
      case "take" -> {
        CountDownLatch begun = new CountDownLatch(1);
        driver.work(1, begun::countDown);
        begun.await();
      }
      case "heap" -> {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return Long.toString(runtime.totalMemory() - runtime.freeMemory());
      }
      default -> throw new IllegalArgumentException("no such command: " + command);
    }
    return Long.toString(System.nanoTime() - start);
  }

  private static void add(Driver driver, int jobs, int concurrency) throws Exception {
    AtomicInteger next = new AtomicInteger();
    List<Future<?>> adding = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(concurrency)) {
      for (int i = 0; i < concurrency; i++) {
        adding.add(
            threads.submit(
                () -> {
                  while (next.getAndIncrement() < jobs) {
                    driver.add();
                  }
                  return null;
                }));
      }
      for (Future<?> each : adding) {
        each.get();
      }
    }
  }

  private static String latency(Driver driver, int jobs) throws Exception {
    BlockingQueue<Long> begun = new LinkedBlockingQueue<>();
    Running running = driver.work(1, () -> begun.add(System.nanoTime()));
    StringJoiner nanos = new StringJoiner(" ");
    long until = System.nanoTime() + LATENCY_BUDGET.toNanos();
    for (int i = 0; i < jobs + 10 && (i < 13 || System.nanoTime() < until); i++) {
      Thread.sleep(20);
      long start = System.nanoTime();
      driver.add();
      long latency = begun.take() - start;
      if (i >= 10) {
        nanos.add(Long.toString(latency));
      }
    }
    running.stop();
    return nanos.toString();
  }

  static void sleepForever() {
    while (true) {
      try {
        Thread.sleep(Long.MAX_VALUE);
      } catch (InterruptedException e) {
        // It hangs, whatever happens.
      }
    }
  }
}
