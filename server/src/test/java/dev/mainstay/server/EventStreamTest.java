package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.event.EventHub;
import dev.mainstay.server.event.EventLog;
import dev.mainstay.server.platform.Broadcast;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.TestDatabases;
import java.net.Socket;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Live events over SSE and WebSocket, with clients that are cut, slow, late or not welcome. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class EventStreamTest {
  private static final int CUTS = 200;
  private static final int TURNS = 150;
  private static final String MANY = "Note many things";
  private static final String WORDY = "Say a lot";
  private static final String PLAIN = "Say it is done";

  @TempDir Path directory;
  private final PlayedModel model = new PlayedModel(EventStreamTest::play);
  private TestRepository repository;
  private TestServer server;
  private TestTasks tasks;

  @BeforeEach
  void start() throws Exception {
    repository = TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    server =
        TestServer.start(
            directory,
            Map.of(
                Setting.ANTHROPIC_BASE_URL, model.url(),
                Setting.ANTHROPIC_API_KEY, "sk-test",
                Setting.LOCAL_REPOS, directory.toString()));
    tasks = new TestTasks(server.client());
  }

  @AfterEach
  void stop() {
    server.close();
    model.close();
  }

  private static PlayedModel.Move play(Conversation conversation, int time) {
    int turn = conversation.turns();
    Reply done = Reply.text("It is done.");
    return new PlayedModel.Say(
        switch (conversation.prompt()) {
          case MANY -> turn < TURNS ? note(Reply.text("Turn " + turn), turn) : done;
          case WORDY -> turn < 12 ? note(Reply.text("word ".repeat(4000) + turn), turn) : done;
          default -> done;
        });
  }

  private static Reply note(Reply reply, int turn) {
    var input = Json.object();
    input.putArray("todos").addObject().put("content", "turn " + turn).put("status", "in_progress");
    return reply.call("toolu_" + turn, "todo", input);
  }

  @Test
  void clientsThatAreCutSeeEveryEventOnceAndInOrder() throws Exception {
    // Nothing happens to this one, so that its reader hears the heartbeat meanwhile.
    String idle =
        tasks.create(
            TestTasks.body(repository.url(), PLAIN)
                .put("notBefore", Instant.now().plusSeconds(3600).toString()));
    FutureTask<Integer> heartbeats = background(() -> heartbeats(idle));
    String id = tasks.create(repository.url(), MANY);
    FutureTask<List<JsonNode>> overSse = background(() -> cutAtRandom(1, this::sse, id));
    FutureTask<List<JsonNode>> overSocket = background(() -> cutAtRandom(2, this::socket, id));
    tasks.awaitSuccess(id);
    List<JsonNode> all = tasks.events(id);
    TestTasks.assertGapFree(all);
    assertThat(overSse.get()).isEqualTo(all);
    assertThat(overSocket.get()).isEqualTo(all);
    assertThat(heartbeats.get()).isPositive();
    assertThat(model.violations()).isEmpty();
  }

  private static <T> FutureTask<T> background(java.util.concurrent.Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().start(task);
    return task;
  }

  @FunctionalInterface
  private interface Client {
    List<JsonNode> read(String taskId, long after, int most) throws Exception;
  }

  /** Connects again and again, each time from the last event that was seen. */
  private static List<JsonNode> cutAtRandom(long seed, Client client, String taskId)
      throws Exception {
    Random random = new Random(seed);
    List<JsonNode> seen = new ArrayList<>();
    for (int cut = 0; cut < CUTS; cut++) {
      seen.addAll(client.read(taskId, seen.size(), random.nextInt(6)));
    }
    seen.addAll(client.read(taskId, seen.size(), Integer.MAX_VALUE));
    return seen;
  }

  private List<JsonNode> sse(String taskId, long after, int most) throws Exception {
    List<JsonNode> seen = new ArrayList<>();
    try (EventReader events = new EventReader(server.client(), taskId, after)) {
      while (seen.size() < most) {
        Optional<JsonNode> event = events.nextStored();
        if (event.isEmpty()) {
          break;
        }
        seen.add(event.get());
      }
    }
    return seen;
  }

  private List<JsonNode> socket(String taskId, long after, int most) throws Exception {
    List<JsonNode> seen = new ArrayList<>();
    try (SocketReader events =
        SocketReader.open(server.mainstay().url(), server.key()).subscribe(taskId, after)) {
      while (seen.size() < most && !isComplete(seen)) {
        seen.add(events.nextStored().orElseThrow());
      }
    }
    return seen;
  }

  private static boolean isComplete(List<JsonNode> events) {
    return !events.isEmpty() && events.getLast().path("type").asText().equals("complete");
  }

  /** Reads until the first heartbeat or the end. */
  private int heartbeats(String taskId) throws Exception {
    try (EventReader events = new EventReader(server.client(), taskId, 1)) {
      return events.awaitHeartbeat();
    }
  }

  @Test
  void readerBeginsWhereItAsksTo() throws Exception {
    String id = tasks.create(repository.url(), PLAIN);
    tasks.awaitSuccess(id);
    List<JsonNode> all = tasks.events(id);
    assertThat(server.client().follow(id, 0)).isEqualTo(all);
    assertThat(server.client().follow(id, 3)).isEqualTo(all.subList(3, all.size()));
    assertThat(server.client().follow(id, all.size())).isEmpty();
    JsonNode rest = server.client().get("/api/tasks/" + id + "/events?after=4").json();
    assertThat(rest.path("items")).hasSize(all.size() - 4);
    assertThat(sse(id, 2, Integer.MAX_VALUE)).isEqualTo(all.subList(2, all.size()));
    for (String wrong : List.of("after=-1", "after=x", "after=1.5", "limit=0", "other=1")) {
      assertThat(server.client().get("/api/tasks/" + id + "/events?" + wrong).status())
          .as(wrong)
          .isEqualTo(400);
    }
  }

  @Test
  void readerIsToldWhatIsNoLongerKept() throws Exception {
    String id = tasks.create(repository.url(), PLAIN);
    tasks.awaitSuccess(id);
    List<JsonNode> all = tasks.events(id);
    try (Database database = openDatabase();
        EventHub hub = new EventHub()) {
      EventLog events = new EventLog(database, hub, Broadcast.NONE, Clock.systemUTC());
      assertThat(events.prune(Duration.ofSeconds(-1))).isEqualTo(all.size() - 1);
    }
    try (EventReader events = new EventReader(server.client(), id, 2)) {
      JsonNode gap = events.next().orElseThrow();
      assertThat(gap.path("type").asText()).isEqualTo("gap");
      assertThat(gap.has("seq")).isFalse();
      assertThat(gap.path("data").path("from").asLong()).isEqualTo(3);
      assertThat(gap.path("data").path("to").asLong()).isEqualTo(all.size() - 1);
      assertThat(events.next()).contains(all.getLast());
      assertThat(events.next()).isEmpty();
    }
  }

  private Database openDatabase() {
    return TestDatabases.open(directory.resolve("data"));
  }

  @Test
  void slowReadersHoldUpNobodyAndMissNothing() throws Exception {
    String id = tasks.create(repository.url(), WORDY);
    try (Socket sleeper = new Socket();
        SocketReader socket =
            SocketReader.open(server.mainstay().url(), server.key()).subscribe(id, 0)) {
      // A small window, so that the server's writes block soon.
      sleeper.setReceiveBufferSize(4096);
      sleeper.connect(new java.net.InetSocketAddress("localhost", server.mainstay().port()));
      String request =
          "GET /api/tasks/%s/events HTTP/1.1\r\nHost: localhost:%d\r\nAccept: text/event-stream\r\nAuthorization: Bearer %s\r\n\r\n"
              .formatted(id, server.mainstay().port(), server.key());
      sleeper.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      tasks.awaitSuccess(id);
      List<JsonNode> all = tasks.events(id);
      List<Long> numbers = all.stream().map(event -> event.path("seq").asLong()).toList();

      List<Long> late = new ArrayList<>();
      Optional<JsonNode> event = socket.nextStored();
      while (event.isPresent()) {
        late.add(event.get().path("seq").asLong());
        event = late.size() < all.size() ? socket.nextStored() : Optional.empty();
      }
      assertThat(late).isEqualTo(numbers);
      assertThat(numbersIn(sleeper, all.size())).isEqualTo(numbers);
    }
  }

  private static List<Long> numbersIn(Socket sleeper, long last) throws Exception {
    List<Long> numbers = new ArrayList<>();
    var lines =
        new java.io.BufferedReader(
            new java.io.InputStreamReader(sleeper.getInputStream(), StandardCharsets.UTF_8));
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      if (line.startsWith("id: ")) {
        numbers.add(Long.parseLong(line.substring(4)));
        if (numbers.getLast() == last) {
          break;
        }
      }
    }
    return numbers;
  }

  @Test
  void oneSocketFollowsAllTasksOrSeveral() throws Exception {
    try (SocketReader all =
            SocketReader.open(server.mainstay().url(), server.key())
                .send("{\"type\":\"subscribe\",\"taskId\":\"*\"}");
        SocketReader several = SocketReader.open(server.mainstay().url(), server.key())) {
      // An answer to a wrong message shows that the one before it was taken.
      assertThat(all.send("{").next().orElseThrow().path("type").asText()).isEqualTo("error");
      String first = tasks.create(repository.url(), PLAIN);
      String second = tasks.create(repository.url(), PLAIN + " again");
      several.subscribe(first, 0).subscribe(second, 0);
      for (SocketReader reader : List.of(all, several)) {
        Map<String, List<Long>> seen = new java.util.TreeMap<>();
        int ended = 0;
        while (ended < 2) {
          JsonNode event = reader.nextStored().orElseThrow();
          seen.computeIfAbsent(event.path("taskId").asText(), key -> new ArrayList<>())
              .add(event.path("seq").asLong());
          ended += event.path("type").asText().equals("complete") ? 1 : 0;
        }
        for (String id : List.of(first, second)) {
          assertThat(seen.get(id))
              .isEqualTo(
                  tasks.events(id).stream().map(event -> event.path("seq").asLong()).toList());
        }
      }
    }
  }

  @Test
  void socketRefusesWhatItCannotServe() throws Exception {
    assertThat(handshake("Authorization", "Bearer ms_wrong")).isEqualTo(401);
    assertThat(handshake()).isEqualTo(401);
    assertThat(
            handshake("Authorization", "Bearer " + server.key(), "Origin", "https://evil.example"))
        .isEqualTo(403);
    try (SocketReader socket = SocketReader.open(server.mainstay().url(), server.key())) {
      for (String wrong :
          List.of(
              "{}",
              "[]",
              "nonsense",
              "{\"type\":\"subscribe\"}",
              "{\"type\":\"subscribe\",\"taskId\":\"no-such-task\"}",
              "{\"type\":\"subscribe\",\"taskId\":\"x\",\"after\":-1}",
              "{\"type\":\"subscribe\",\"taskId\":\"x\",\"after\":\"1\"}",
              "{\"type\":\"other\",\"taskId\":\"x\"}")) {
        assertThat(socket.send(wrong).next().orElseThrow().path("type").asText())
            .as(wrong)
            .isEqualTo("error");
      }
    }
  }

  private int handshake(String... headers) {
    try (SocketReader socket = new SocketReader(server.mainstay().url(), headers)) {
      return 101;
    } catch (CompletionException e) {
      assertThat(e).hasCauseInstanceOf(WebSocketHandshakeException.class);
      return e.getCause() instanceof WebSocketHandshakeException refused
          ? refused.getResponse().statusCode()
          : 0;
    }
  }

  @Test
  void tasksOfOthersAreNotThere() throws Exception {
    String id = tasks.create(repository.url(), PLAIN);
    String other;
    try (Database database = openDatabase()) {
      other = OtherOrganization.key(database);
    }
    TestClient stranger = new TestClient(server.mainstay().url(), other);
    for (String task : List.of(id, "no-such-task")) {
      for (String path : List.of("", "/events", "/messages", "/tool-calls", "/diff")) {
        assertThat(stranger.get("/api/tasks/" + task + path).status()).as(path).isEqualTo(404);
      }
      for (String act : List.of("cancel", "retry", "approve")) {
        assertThat(stranger.post("/api/tasks/" + task + "/" + act, "").status())
            .as(act)
            .isEqualTo(404);
      }
      assertThatThrownBy(() -> new EventReader(stranger, task, 0)).hasMessageContaining("404");
      try (SocketReader socket = SocketReader.open(server.mainstay().url(), other)) {
        assertThat(socket.subscribe(task, 0).next().orElseThrow().path("message").asText())
            .isEqualTo("there is no such task");
      }
    }
    assertThat(stranger.get("/api/tasks").json().path("items")).isEmpty();
    tasks.awaitSuccess(id);
  }
}
