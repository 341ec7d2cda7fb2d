import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The figures of bench/README.md about queues: ours and the peers', in turn, in one run. */
final class QueueBench {
  private static final double SECONDS_PER_RUN = 2.5;
  private static final int MIN_JOBS = 200;
  private static final int MAX_JOBS = 40_000;
  private static final int LATENCIES = 150;

  /** A run counts for what it is, but is marked if others used more of the machine than this. */
  private static final double CROWDED = 0.15;

  private final Path root;
  private final Options options;
  private final Servers servers;
  private final Map<Contender, DriverProcess> drivers = new LinkedHashMap<>();
  private final Map<Row, Map<Contender, Result>> results = new TreeMap<>();
  private int crowded;

  /**
   * @param title as tables show it
   * @param ours whether the others of its store are its peers
   * @param id of its driver: a class, or a script with its argument
   */
  private record Contender(String title, String id, Store store, boolean ours, Kind kind) {}

  private enum Kind {
    JAVA,
    NODE
  }

  private static final List<Contender> ALL =
      List.of(
          new Contender("Mainstay", "MainstayDriver", Store.MEMORY, true, Kind.JAVA),
          new Contender("Mainstay", "MainstayDriver", Store.SQLITE, true, Kind.JAVA),
          new Contender("JobRunr 8.7", "JobRunrDriver", Store.SQLITE, false, Kind.JAVA),
          new Contender("Mainstay", "MainstayDriver", Store.POSTGRES, true, Kind.JAVA),
          new Contender(
              "Mainstay, prefetch 500", "MainstayDriver prefetch", Store.POSTGRES, true, Kind.JAVA),
          new Contender("BullMQ 6.7", "bullmq", Store.POSTGRES, false, Kind.NODE),
          new Contender("Graphile Worker 0.17", "graphile-worker", Store.POSTGRES, false, Kind.NODE),
          new Contender(
              "Graphile, batched", "graphile-worker batched", Store.POSTGRES, false, Kind.NODE),
          new Contender("pg-boss 12.30", "pg-boss", Store.POSTGRES, false, Kind.NODE),
          new Contender("db-scheduler 16.12", "DbSchedulerDriver", Store.POSTGRES, false, Kind.JAVA),
          new Contender("JobRunr 8.7", "JobRunrDriver", Store.POSTGRES, false, Kind.JAVA),
          new Contender("Mainstay", "MainstayDriver", Store.REDIS, true, Kind.JAVA),
          new Contender("BullMQ 6.7", "bullmq", Store.REDIS, false, Kind.NODE),
          new Contender("BullMQ, keeps 1,000", "bullmq keeping", Store.REDIS, false, Kind.NODE));

  /** What is measured. */
  private enum Row {
    ADD("add, one by one", "add %d 1"),
    ADD_50("add, 50 at once", "add %d 50"),
    BULK("add in bulk, 1,000 each", "bulk %d"),
    PROCESS_1("process, concurrency 1", "process %d 1"),
    PROCESS_10("process, concurrency 10", "process %d 10"),
    PROCESS_50("process, concurrency 50", "process %d 50"),
    LATENCY("pick-up of an idle queue", "latency " + LATENCIES);

    final String title;
    final String command;

    Row(String title, String command) {
      this.title = title;
      this.command = command;
    }

    boolean processes() {
      return command.startsWith("process");
    }
  }

  /** What the runs of a row have shown; rates are jobs a second, latencies nanoseconds. */
  private static final class Result {
    final List<Double> rates = new ArrayList<>();
    final List<Double> clientMicros = new ArrayList<>();
    final List<Double> serverMicros = new ArrayList<>();
    final List<Long> latencies = new ArrayList<>();
    String failure = "";
  }

  /**
   * @param rounds counted ones
   * @param warmup rounds before them that do not count, after the one that finds how many jobs a
   *     row needs
   * @param stores whose contenders take part
   * @param rows what is measured
   * @param growth jobs for the growth of the store, 0 if that is not measured
   * @param recovery whether the time until a dead worker's job starts again is measured
   * @param alone whether ours are measured without the peers
   */
  private record Options(
      int rounds,
      int warmup,
      List<Store> stores,
      List<Row> rows,
      int growth,
      boolean recovery,
      boolean alone) {

    static Options of(List<String> arguments) {
      int rounds = 3;
      int warmup = 2;
      List<Store> stores = List.of(Store.values());
      List<Row> rows = List.of(Row.values());
      int growth = 0;
      boolean recovery = false;
      boolean alone = false;
      for (String argument : arguments) {
        String[] parts = argument.split("=", 2);
        String value = parts.length == 2 ? parts[1].toUpperCase(Locale.ROOT) : "";
        switch (parts[0]) {
          case "rounds" -> rounds = Integer.parseInt(value);
          case "warmup" -> warmup = Integer.parseInt(value);
          case "alone" -> alone = true;
          case "stores" -> stores = Arrays.stream(value.split(",")).map(Store::valueOf).toList();
          case "rows" ->
              rows =
                  value.isEmpty()
                      ? List.of()
                      : Arrays.stream(value.split(",")).map(Row::valueOf).toList();
          case "growth" -> growth = value.isEmpty() ? 1_000_000 : Integer.parseInt(value);
          case "recovery" -> recovery = true;
          default ->
              throw new IllegalArgumentException(
                  "usage: run [rounds=N] [warmup=N] [stores=SQLITE,POSTGRES,REDIS,MEMORY] [rows=ADD,…] [recovery] [growth=N] [alone]");
        }
      }
      return new Options(rounds, warmup, stores, rows, growth, recovery, alone);
    }
  }

  private QueueBench(Path root, Options options, Servers servers) {
    this.root = root;
    this.options = options;
    this.servers = servers;
  }

  public static void main(String[] arguments) throws Exception {
    List<String> given = List.of(arguments);
    Options options = Options.of(given.subList(1, given.size()));
    try (Servers servers = new Servers()) {
      new QueueBench(Path.of(given.getFirst()), options, servers).run();
    }
    System.exit(0);
  }

  private void run() throws Exception {
    for (Contender contender : ALL) {
      if (options.stores().contains(contender.store())
          && (contender.ours() || !options.alone())) {
        drivers.put(contender, open(contender));
      }
    }
    int last = options.warmup() + options.rounds();
    for (int round = 0; round <= last; round++) {
      for (Row row : options.rows()) {
        // Nobody is always first, or always after the same other.
        List<Contender> order = new ArrayList<>(drivers.keySet());
        Collections.rotate(order, round);
        for (Contender contender : order) {
          measure(row, contender, round > options.warmup());
        }
      }
      System.err.printf("round %d of %d is done%n", round, last);
    }
    report();
    if (options.recovery()) {
      recovery();
    }
    if (options.growth() > 0) {
      growth();
    }
    for (DriverProcess driver : drivers.values()) {
      driver.kill();
    }
  }

  private String place(Contender contender) {
    return contender.id().toLowerCase(Locale.ROOT).replaceAll("[^a-z]", "_")
        + "_"
        + contender.store().name().toLowerCase(Locale.ROOT);
  }

  private final Map<Contender, String> urls = new LinkedHashMap<>();

  private DriverProcess open(Contender contender) throws Exception {
    String url = urls.get(contender);
    if (url == null) {
      url = servers.url(contender.store(), place(contender));
      urls.put(contender, url);
    }
    Path log = root.resolve("bench/queue/target/drivers.log");
    String[] words = contender.id().split(" ");
    List<String> command = new ArrayList<>();
    if (contender.kind() == Kind.JAVA) {
      command.addAll(
          List.of(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx1g",
              "--enable-native-access=ALL-UNNAMED",
              "-cp",
              System.getProperty("java.class.path"),
              words[0],
              servers.jdbcUrl(contender.store(), place(contender), url)));
    } else {
      Path peers = root.resolve("bench/queue/peers");
      command.addAll(
          List.of(
              peers.resolve("node_modules/node/bin/node").toString(),
              peers.resolve(words[0] + ".mjs").toString(),
              url));
    }
    command.addAll(List.of(words).subList(1, words.length));
    return new DriverProcess(command, log);
  }

  private final Map<String, Integer> sizes = new LinkedHashMap<>();

  private void measure(Row row, Contender contender, boolean counted) throws Exception {
    Result result =
        results
            .computeIfAbsent(row, r -> new LinkedHashMap<>())
            .computeIfAbsent(contender, c -> new Result());
    if (!result.failure.isEmpty()) {
      return;
    }
    try {
      DriverProcess driver = drivers.get(contender);
      driver.ask("clear");
      servers.tidy(contender.store(), place(contender));
      int jobs = sizes.getOrDefault(row + place(contender), MIN_JOBS);
      if (row.processes()) {
        driver.ask("fill " + jobs);
      }
      long machine = Cpu.ofMachine();
      long client = driver.cpuMicros();
      long server = servers.cpuMicros(contender.store());
      long start = System.nanoTime();
      String answer = driver.ask(row.command.formatted(jobs));
      double elapsed = (System.nanoTime() - start) / 1000.0;
      client = driver.cpuMicros() - client;
      server = servers.cpuMicros(contender.store()) - server;
      machine = Cpu.ofMachine() - machine;
      double others =
          (machine - client - server) / elapsed / Runtime.getRuntime().availableProcessors();
      if (row == Row.LATENCY) {
        if (counted) {
          Arrays.stream(answer.split(" ")).map(Long::valueOf).forEach(result.latencies::add);
        }
      } else {
        double rate = jobs * 1e9 / Long.parseLong(answer);
        sizes.put(
            row + place(contender), (int) Math.clamp(rate * SECONDS_PER_RUN, MIN_JOBS, MAX_JOBS));
        if (counted) {
          result.rates.add(rate);
          result.clientMicros.add((double) client / jobs);
          result.serverMicros.add((double) server / jobs);
        }
      }
      boolean loud = counted && others > CROWDED;
      crowded += loud ? 1 : 0;
      System.err.printf(
          "%s%s, %s on %s: %s%n",
          loud ? "(crowded, others %.0f %%) ".formatted(others * 100) : "",
          row.title,
          contender.title(),
          contender.store().title,
          row == Row.LATENCY
              ? "measured"
              : "%,.0f jobs/s of %,d"
                  .formatted(jobs * 1e9 / Long.parseLong(answer), jobs));
    } catch (IOException e) {
      result.failure = String.valueOf(e.getMessage());
      System.err.printf("%s, %s: %s%n", row.title, contender.title(), e.getMessage());
    }
  }

  private void report() {
    if (crowded > 0) {
      System.out.printf("%d runs were made while others used the machine.%n%n", crowded);
    }
    for (Store store : options.stores()) {
      List<Contender> there =
          drivers.keySet().stream().filter(contender -> contender.store() == store).toList();
      if (there.isEmpty()) {
        continue;
      }
      System.out.printf("### %s%n%n| |", store.title);
      boolean compared = there.stream().anyMatch(contender -> !contender.ours());
      there.forEach(contender -> System.out.printf(" %s |", contender.title()));
      System.out.println(compared ? " our best to the best peer's |" : "");
      System.out.println("|---|" + "---|".repeat(there.size() + (compared ? 1 : 0)));
      for (Row row : options.rows()) {
        Map<Contender, Result> measured = results.getOrDefault(row, Map.of());
        System.out.printf("| %s |", row.title);
        for (Contender contender : there) {
          Result result = measured.getOrDefault(contender, new Result());
          System.out.printf(" %s |", cell(row, result));
        }
        if (compared) {
          System.out.printf(" %s |", ratio(row, there, measured));
        }
        System.out.println();
      }
      System.out.println();
    }
    System.out.println(
        "Jobs a second; below, processor time per job in µs: of the process / of the store's server.");
  }

  private static String cell(Row row, Result result) {
    if (!result.failure.isEmpty()) {
      return "failed";
    }
    if (row == Row.LATENCY) {
      return result.latencies.isEmpty()
          ? "–"
          : "%.2f / %.2f ms"
              .formatted(
                  quantile(result.latencies, 0.5) / 1e6, quantile(result.latencies, 0.99) / 1e6);
    }
    return "%,.0f<br>%.0f / %.0f"
        .formatted(
            median(result.rates), median(result.clientMicros), median(result.serverMicros));
  }

  private static String ratio(Row row, List<Contender> there, Map<Contender, Result> measured) {
    double ours = 0;
    double best = 0;
    double oursTail = 0;
    double bestTail = 0;
    for (Contender contender : there) {
      Result result = measured.getOrDefault(contender, new Result());
      double value;
      double tail = 0;
      if (row == Row.LATENCY) {
        if (result.latencies.isEmpty()) {
          continue;
        }
        value = 1 / quantile(result.latencies, 0.5);
        tail = 1 / quantile(result.latencies, 0.99);
      } else {
        value = median(result.rates);
      }
      if (contender.ours()) {
        ours = Math.max(ours, value);
        oursTail = Math.max(oursTail, tail);
      } else {
        best = Math.max(best, value);
        bestTail = Math.max(bestTail, tail);
      }
    }
    return row == Row.LATENCY
        ? "**%.1f / %.1f**".formatted(ours / best, oursTail / bestTail)
        : "**%.1f**".formatted(ours / best);
  }

  private static double median(List<Double> values) {
    if (values.isEmpty()) {
      return Double.NaN;
    }
    List<Double> sorted = values.stream().sorted().toList();
    return sorted.get(sorted.size() / 2);
  }

  private static double quantile(List<Long> values, double share) {
    List<Long> sorted = values.stream().sorted().toList();
    return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(share * sorted.size())));
  }

  /** How long a job is lost whose worker is killed, with another worker there. */
  private void recovery() throws Exception {
    System.out.println("\n### A worker is killed: time until its job starts again, defaults\n");
    System.out.println("| | seconds |\n|---|---|");
    for (Contender contender : drivers.keySet()) {
      if (contender.store() == Store.MEMORY) {
        continue;
      }
      drivers.get(contender).ask("clear");
      String seconds;
      DriverProcess victim = open(contender);
      DriverProcess heir = open(contender);
      try {
        victim.send("hang");
        drivers.get(contender).ask("fill 1");
        victim.answer("hang");
        heir.send("take");
        // The heir has found nothing to do, as another worker of a real system has not.
        TimeUnit.SECONDS.sleep(1);
        long start = System.nanoTime();
        victim.kill();
        CompletableFuture<String> taken =
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return heir.answer("take");
                  } catch (IOException e) {
                    throw new IllegalStateException(e);
                  }
                });
        try {
          taken.get(90, TimeUnit.SECONDS);
          seconds = "%.1f".formatted((System.nanoTime() - start) / 1e9);
        } catch (TimeoutException e) {
          seconds = "not within 90";
        }
      } finally {
        victim.kill();
        heir.kill();
      }
      System.out.printf(
          "| %s on %s | %s |%n", contender.title(), contender.store().title, seconds);
    }
  }

  /** What stays when many jobs have gone through. */
  private void growth() throws Exception {
    System.out.printf(
        "%n### %,d jobs one after another, default retention: size of the store%n%n",
        options.growth());
    System.out.println("| | a quarter | half | three quarters | all | heap |\n|---|---|---|---|---|---|");
    for (Contender contender : drivers.keySet()) {
      DriverProcess driver = drivers.get(contender);
      driver.ask("clear");
      System.out.printf("| %s on %s |", contender.title(), contender.store().title);
      int chunk = Math.min(10_000, options.growth() / 4);
      for (int quarter = 1; quarter <= 4; quarter++) {
        for (int done = 0; done < options.growth() / 4; done += chunk) {
          driver.ask("fill " + chunk);
          driver.ask("process " + chunk + " 50");
        }
        System.out.printf(
            " %.1f MB |", servers.size(contender.store(), place(contender)) / 1e6);
      }
      String heap = contender.kind() == Kind.JAVA ? driver.ask("heap") : "";
      System.out.printf(" %s |%n", heap.isEmpty() ? "" : "%.0f MB".formatted(Long.parseLong(heap) / 1e6));
      driver.ask("clear");
    }
  }
}
