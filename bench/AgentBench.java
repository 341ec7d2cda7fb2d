import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** The figures of bench/README.md. Everything is real but the model, which answers at once. */
class AgentBench {
  private static final int STEPS = 10;

  /** Tasks before the measured ones: a server runs for weeks, its first minute tells little. */
  private static final int WARM = 300;

  private static final int PEER_WARM = 30;
  private static final List<String> PARTS = List.of("steps", "throughput", "start");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** When the model was asked and when it had answered, per conversation. */
  private static final Map<String, List<long[]>> CALLS = new ConcurrentHashMap<>();

  private static Path root;
  private static Path work;
  private static int modelPort;

  public static void main(String[] args) throws Exception {
    root = Path.of(args[0]);
    work = Files.createTempDirectory("mainstay-bench");
    List<String> parts = args.length > 1 ? List.of(args).subList(1, args.length) : PARTS;
    if (!PARTS.containsAll(parts)) {
      throw new IllegalArgumentException("the parts are " + PARTS);
    }
    HttpServer model = model();
    modelPort = model.getAddress().getPort();
    Path repository = repository();
    try {
      System.out.println("| Figure | Mainstay | JavaScript loop | Ratio |");
      System.out.println("|---|---|---|---|");
      if (parts.contains("steps")) {
        steps(repository);
      }
      if (parts.contains("throughput")) {
        throughput(repository);
      }
      if (parts.contains("start")) {
        coldStart();
      }
    } finally {
      model.stop(0);
    }
  }

  // (a) and (b): one task after another, and the peer's loop on the same model in turn.
  private static void steps(Path repository) throws Exception {
    List<Long> first = new ArrayList<>();
    try (Server server = Server.start(3, true)) {
      for (int i = 0; i < WARM; i++) {
        server.task(repository, "warm", "warm-" + i);
      }
      for (int i = 0; i < 15; i++) {
        long accepted = server.task(repository, "ours", "ours-" + i);
        first.add(CALLS.get("ours-" + i).getFirst()[0] - accepted);
        if (i % 5 == 4) {
          peer("peer" + i, 5);
        }
      }
    }
    System.out.printf(
        "| accepted → first model request, warm mirror, median / p95 | %.0f / %.0f ms | | |%n",
        millis(first, 0.5), millis(first, 0.95));
    for (boolean shell : new boolean[] {true, false}) {
      List<Long> ours = gaps("ours-", shell);
      List<Long> peers = gaps("peer", shell);
      System.out.printf(
          "| %s step, all but the model, median / p95 | %.1f / %.1f ms | %.1f / %.1f ms | %.2f |%n",
          shell ? "shell" : "file",
          millis(ours, 0.5), millis(ours, 0.95), millis(peers, 0.5), millis(peers, 0.95),
          millis(peers, 0.5) / millis(ours, 0.5));
    }
  }

  /** From the end of one answer to the next request; even steps are shell steps, odd ones files. */
  private static List<Long> gaps(String prefix, boolean shell) {
    List<Long> gaps = new ArrayList<>();
    CALLS.forEach(
        (name, calls) -> {
          if (name.startsWith(prefix)) {
            // The first steps of a run also start its shell or load its classes.
            for (int i = 2; i + 1 < calls.size(); i++) {
              if ((i % 2 == 0) == shell) {
                gaps.add(calls.get(i + 1)[0] - calls.get(i)[1]);
              }
            }
          }
        });
    return gaps;
  }

  // (c)
  private static void throughput(Path repository) throws Exception {
    try (Server server = Server.start(50, true)) {
      server.task(repository, "warm", "warm-c");
      long start = System.nanoTime();
      try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Long>> tasks = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
          String name = "many-" + i;
          tasks.add(executor.submit(() -> server.task(repository, "many", name)));
        }
        for (Future<Long> task : tasks) {
          task.get();
        }
      }
      double minutes = (System.nanoTime() - start) / 6e10;
      System.out.printf(
          "| 100 tasks of %d steps, 50 slots | %.0f tasks/min, peak RSS %d MB | | |%n",
          STEPS, 100 / minutes, server.memory("VmHWM"));
    }
  }

  // (d)
  private static void coldStart() throws Exception {
    for (boolean cache : new boolean[] {true, false}) {
      List<Long> ready = new ArrayList<>();
      List<Long> rss = new ArrayList<>();
      for (int i = 0; i < 7; i++) {
        long start = System.nanoTime();
        try (Server server = Server.start(3, cache)) {
          ready.add(server.readyAt - start);
          Thread.sleep(10_000); // what the start needed once is given back by then
          rss.add(server.memory("VmRSS"));
        }
      }
      Collections.sort(rss);
      System.out.printf(
          "| cold start to ready, %s the cache, median; idle RSS | %.2f s; %d MB | | |%n",
          cache ? "with" : "without", millis(ready, 0.5) / 1000, rss.get(rss.size() / 2));
    }
  }

  private static double millis(List<Long> nanos, double quantile) {
    List<Long> sorted = new ArrayList<>(nanos);
    Collections.sort(sorted);
    return sorted.get((int) Math.min(sorted.size() - 1, Math.floor(sorted.size() * quantile))) / 1e6;
  }

  private static void peer(String name, int repeats) throws Exception {
    Process process =
        new ProcessBuilder(
                "node", root.resolve("bench/peer/loop.mjs").toString(),
                "http://127.0.0.1:" + modelPort, name, Integer.toString(repeats), Integer.toString(PEER_WARM))
            .inheritIO()
            .start();
    if (process.waitFor() != 0) {
      throw new IllegalStateException("the peer failed");
    }
  }

  private static Path repository() throws Exception {
    Path tree = Files.createDirectory(work.resolve("tree"));
    Files.writeString(tree.resolve("README.md"), "# Bench\n");
    Path bare = work.resolve("bench.git");
    for (List<String> command :
        List.of(
            List.of("git", "init", "-q", "-b", "main"),
            List.of("git", "add", "-A"),
            List.of("git", "-c", "user.name=b", "-c", "user.email=b@localhost", "commit", "-qm", "Start"),
            List.of("git", "clone", "-q", "--bare", ".", bare.toString()))) {
      if (new ProcessBuilder(command).directory(tree.toFile()).inheritIO().start().waitFor() != 0) {
        throw new IllegalStateException(String.join(" ", command));
      }
    }
    return bare;
  }

  /** A server of its own process, as the launcher starts it. */
  private record Server(Process process, int port, String key, long readyAt) implements AutoCloseable {

    static Server start(int slots, boolean cache) throws Exception {
      Path data = Files.createTempDirectory(work, "data");
      ProcessBuilder builder =
          new ProcessBuilder(
              root.resolve("mainstay").toString(), "serve", "--port", "0", "--data", data.toString());
      builder.environment().put("MAINSTAY_AOT", cache ? "on" : "off");
      builder.environment().put("MAINSTAY_JAR", root.resolve("server/target/mainstay.jar").toString());
      builder.environment().put("MAINSTAY_AGENT_SLOTS", Integer.toString(slots));
      builder.environment().put("MAINSTAY_LOCAL_REPOS", work.toString());
      builder.environment().put("ANTHROPIC_API_KEY", "bench");
      builder.environment().put("ANTHROPIC_BASE_URL", "http://127.0.0.1:" + modelPort);
      builder.redirectError(ProcessBuilder.Redirect.DISCARD);
      Process process = builder.start();
      String line = process.inputReader().readLine();
      long readyAt = System.nanoTime();
      int port = URI.create(line.substring(line.indexOf("http"))).getPort();
      Process keys =
          new ProcessBuilder(
                  root.resolve("mainstay").toString(), "key", "create", "--name", "bench", "--data", data.toString())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String key = keys.inputReader().readLine();
      keys.waitFor();
      return new Server(process, port, key, readyAt);
    }

    /** Runs a task to its end; returns when it was accepted. */
    long task(Path repository, String kind, String name) throws IOException, InterruptedException {
      String body =
          JSON.writeValueAsString(Map.of("repoUrl", repository.toUri().toString(), "prompt", name));
      HttpRequest.Builder post = request("/api/tasks").POST(HttpRequest.BodyPublishers.ofString(body));
      JsonNode task = JSON.readTree(HTTP.send(post.build(), HttpResponse.BodyHandlers.ofString()).body());
      long accepted = System.nanoTime();
      HttpRequest.Builder events =
          request("/api/tasks/" + task.path("id").asText() + "/events").header("Accept", "text/event-stream");
      HTTP.send(events.build(), HttpResponse.BodyHandlers.ofString());
      String end =
          HTTP.send(request("/api/tasks/" + task.path("id").asText()).build(), HttpResponse.BodyHandlers.ofString())
              .body();
      if (!JSON.readTree(end).path("status").asText().equals("succeeded")) {
        throw new IllegalStateException(kind + " " + end);
      }
      return accepted;
    }

    private HttpRequest.Builder request(String path) {
      return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
          .header("Content-Type", "application/json")
          .header("Authorization", "Bearer " + key);
    }

    /** In MB, from /proc. */
    long memory(String field) throws IOException {
      return Files.readAllLines(Path.of("/proc/" + process.pid() + "/status")).stream()
          .filter(line -> line.startsWith(field))
          .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
          .findFirst()
          .orElse(0);
    }

    @Override
    public void close() throws Exception {
      process.destroy();
      process.waitFor();
    }
  }

  // The model: STEPS tool calls, shell and file in turn, then the end.
  private static HttpServer model() throws IOException {
    HttpServer server = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 512);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/v1/messages", AgentBench::answer);
    server.start();
    return server;
  }

  private static void answer(HttpExchange exchange) throws IOException {
    long asked = System.nanoTime();
    JsonNode messages = JSON.readTree(exchange.getRequestBody().readAllBytes()).path("messages");
    JsonNode prompt = messages.path(0).path("content");
    String name = prompt.isTextual() ? prompt.asText() : prompt.path(0).path("text").asText();
    int turn = 0;
    for (JsonNode message : messages) {
      turn += message.path("role").asText().equals("assistant") ? 1 : 0;
    }
    StringBuilder events = new StringBuilder();
    event(events, Map.of("type", "message_start", "message", Map.of("id", "msg_" + turn, "type", "message",
        "role", "assistant", "model", "claude-sonnet-5-5", "content", List.of(),
        "usage", Map.of("input_tokens", 10, "output_tokens", 1))));
    boolean over = turn >= STEPS;
    if (over) {
      event(events, Map.of("type", "content_block_start", "index", 0, "content_block", Map.of("type", "text", "text", "")));
      event(events, Map.of("type", "content_block_delta", "index", 0, "delta", Map.of("type", "text_delta", "text", "Done.")));
    } else {
      boolean shell = turn % 2 == 0;
      String input =
          shell
              ? "{\"command\":\"echo " + turn + " >> log.txt\"}"
              : "{\"file_path\":\"file.txt\",\"content\":\"step " + turn + "\"}";
      event(events, Map.of("type", "content_block_start", "index", 0, "content_block",
          Map.of("type", "tool_use", "id", "toolu_" + turn, "name", shell ? "bash" : "write", "input", Map.of())));
      event(events, Map.of("type", "content_block_delta", "index", 0, "delta",
          Map.of("type", "input_json_delta", "partial_json", input)));
    }
    event(events, Map.of("type", "content_block_stop", "index", 0));
    event(events, Map.of("type", "message_delta", "delta", Map.of("stop_reason", over ? "end_turn" : "tool_use"),
        "usage", Map.of("output_tokens", 5)));
    event(events, Map.of("type", "message_stop"));
    exchange.getResponseHeaders().add("Content-Type", "text/event-stream");
    byte[] bytes = events.toString().getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
    CALLS.computeIfAbsent(name, key -> Collections.synchronizedList(new ArrayList<>()))
        .add(new long[] {asked, System.nanoTime()});
  }

  private static void event(StringBuilder out, Map<String, Object> data) throws IOException {
    out.append("event: ").append(data.get("type")).append("\ndata: ").append(JSON.writeValueAsString(data)).append("\n\n");
  }
}
