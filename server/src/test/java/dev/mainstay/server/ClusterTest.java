package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.PlayedModel.Say;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.TestDatabases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several servers on one database, each with a data directory of its own. */
@Tag("postgres")
@Timeout(value = 4, unit = TimeUnit.MINUTES)
class ClusterTest {
  @TempDir Path directory;

  private final CountDownLatch never = new CountDownLatch(1);
  private final List<AutoCloseable> opened = new ArrayList<>();
  private TestRepository repository;

  @BeforeEach
  void createRepository() throws Exception {
    repository = TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
  }

  @AfterEach
  void close() throws Exception {
    never.countDown();
    for (AutoCloseable part : opened.reversed()) {
      part.close();
    }
  }

  private Path data(String node) {
    Path data = directory.resolve(node).resolve("data");
    TestDatabases.share(data, directory.resolve("database"));
    return data;
  }

  private ServerProcess node(String name, String roles, PlayedModel model)
      throws InterruptedException {
    Path unused = data(name);
    ServerProcess node =
        ServerProcess.start(
            directory.resolve(name),
            Map.of(
                "MAINSTAY_ROLES",
                roles,
                "MAINSTAY_LEASE",
                "3s",
                "MAINSTAY_DRAIN_TIMEOUT",
                "0s",
                "ANTHROPIC_BASE_URL",
                model.url(),
                "ANTHROPIC_API_KEY",
                "sk-test",
                "MAINSTAY_LOCAL_REPOS",
                directory.toString()));
    opened.add(node);
    return node;
  }

  private PlayedModel model(PlayedModel.Player player) {
    PlayedModel model = new PlayedModel(player);
    opened.add(model);
    return model;
  }

  private PlayedModel.Move hang() {
    try {
      assertThat(never.await(90, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return new Say(Reply.text("Too late."));
  }

  private static void awaitCalls(PlayedModel model, String prompt, int calls) {
    Awaitility.await().atMost(TestTasks.DEADLINE).until(() -> model.calls(prompt) >= calls);
  }

  private static void checkEvents(List<JsonNode> events) {
    TestTasks.assertGapFree(events);
    assertThat(events.stream().filter(event -> event.path("type").asText().equals("complete")))
        .hasSize(1);
    assertThat(events.getLast().path("type").asText()).isEqualTo("complete");
  }

  private static boolean isFree(JsonNode task) {
    return task.path("status").asText().equals("queued");
  }

  @Test
  void aTaskOfOneNodeRunsOnAnotherAndIsSeenLive() throws Exception {
    PlayedModel model =
        model(
            (conversation, time) ->
                new Say(
                    conversation.turns() == 0
                        ? Reply.text("I write a file.").write("toolu_0", "new.txt", "new\n")
                        : Reply.text("Done."),
                    Duration.ofMillis(2)));
    ServerProcess web = node("web", "web", model);
    String id = web.tasks().create(repository.url(), "Write");
    try (EventReader reader = new EventReader(web.client(), id, 0);
        SocketReader all =
            SocketReader.open(web.url(), web.key())
                .send("{\"type\":\"subscribe\",\"taskId\":\"*\"}")) {
      // An answer to a wrong message shows that the one before it was taken.
      assertThat(all.send("{").next().orElseThrow().path("type").asText()).isEqualTo("error");
      assertThat(isFree(web.tasks().get(id))).isTrue();
      node("worker", "worker", model);
      List<JsonNode> live = new ArrayList<>();
      int deltas = 0;
      for (Optional<JsonNode> event = reader.next(); event.isPresent(); event = reader.next()) {
        if (event.get().has("seq")) {
          live.add(event.get());
        } else {
          deltas++;
        }
      }
      checkEvents(live);
      assertThat(live).isEqualTo(web.tasks().events(id));
      assertThat(deltas).as("deltas of another node").isPositive();
      // Live only, and from where it began; but in order, and without gaps.
      long last = 0;
      while (last < live.size()) {
        long seq = all.nextStored().orElseThrow().path("seq").asLong();
        assertThat(seq).isEqualTo(last == 0 ? seq : last + 1);
        last = seq;
      }
    }
    JsonNode task = web.tasks().awaitSuccess(id);
    assertThat(repository.commitsOnTop(task.path("result").path("branch").asText())).hasSize(1);
    assertThat(web.client().get("/api/tasks/" + id + "/diff").body())
        .contains("+++ b/new.txt", "+new");
    assertThat(model.violations()).isEmpty();
  }

  @Test
  void whatPeopleSayToOneNodeReachesTheRunOnAnother() throws Exception {
    CountDownLatch steered = new CountDownLatch(1);
    opened.add(steered::countDown);
    PlayedModel model =
        model(
            (conversation, time) ->
                switch (conversation.prompt()) {
                  case "Cancel me" -> hang();
                  case "Steer me" -> {
                    if (conversation.turns() == 0) {
                      await(steered);
                      yield new Say(Reply.text("I read.").read("toolu_0", "README.md"));
                    }
                    yield new Say(Reply.text("Heard " + conversation.userTexts()));
                  }
                  default -> throw new AssertionError(conversation.prompt());
                });
    ServerProcess web = node("web", "web", model);
    node("worker", "worker", model);
    String canceled = web.tasks().create(repository.url(), "Cancel me");
    String heard = web.tasks().create(repository.url(), "Steer me");
    awaitCalls(model, "Cancel me", 1);
    awaitCalls(model, "Steer me", 1);
    web.tasks().act(canceled, "cancel");
    web.tasks().awaitStatus(canceled, "canceled");
    checkEvents(web.tasks().events(canceled));
    web.tasks().act(heard, "messages", Json.object().put("text", "use tabs").toString());
    steered.countDown();
    assertThat(web.tasks().awaitSuccess(heard).path("result").path("summary").asText())
        .isEqualTo("Heard [use tabs]");
    assertThat(model.violations()).isEmpty();
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Its files are gone with its machine: the model is told, and does them again. */
  @Test
  void aRunWhoseNodeWasKilledGoesOnElsewhere() throws Exception {
    String prompt = "Outlive a machine";
    PlayedModel model =
        model(
            (conversation, time) ->
                switch (conversation.turns()) {
                  case 0 ->
                      new Say(Reply.text("I write.").write("toolu_0", "first.txt", "first\n"));
                  case 1 ->
                      new Say(Reply.text("I run.").bash("toolu_1", "echo second > second.txt"));
                  case 2 ->
                      conversation.userTexts().isEmpty()
                          ? hang()
                          : new Say(
                              Reply.text("I do it again.")
                                  .bash(
                                      "toolu_2",
                                      "ls; echo first > first.txt; echo second > second.txt"));
                  default -> new Say(Reply.text("Done."));
                });
    ServerProcess web = node("web", "web", model);
    ServerProcess first = node("first", "worker", model);
    String id = web.tasks().create(repository.url(), prompt);
    try (EventReader reader = new EventReader(web.client(), id, 0)) {
      awaitCalls(model, prompt, 3);
      first.kill();
      node("second", "worker", model);
      List<JsonNode> live = new ArrayList<>();
      for (Optional<JsonNode> event = reader.nextStored();
          event.isPresent();
          event = reader.nextStored()) {
        live.add(event.get());
      }
      checkEvents(live);
      assertThat(live).isEqualTo(web.tasks().events(id));
    }
    JsonNode task = web.tasks().awaitSuccess(id);
    assertThat(model.lastHeard(prompt).userTexts()).hasSize(1);
    assertThat(model.lastHeard(prompt).userTexts().getFirst())
        .contains("another machine", "write (1), bash (1)");
    assertThat(web.tasks().toolCalls(id).getLast().path("output").asText())
        .contains("README.md")
        .doesNotContain("first.txt");
    String branch = task.path("result").path("branch").asText();
    assertThat(repository.commitsOnTop(branch)).hasSize(1);
    assertThat(repository.files(branch))
        .containsExactlyInAnyOrder("README.md", "first.txt", "second.txt");
    assertThat(model.violations()).isEmpty();
  }

  @Test
  void aRunWhoseNodeWasStoppedGoesOnElsewhereWithItsFiles() throws Exception {
    String prompt = "Move with your files";
    PlayedModel model =
        model(
            (conversation, time) ->
                switch (conversation.turns()) {
                  case 0 ->
                      new Say(Reply.text("I write.").write("toolu_0", "first.txt", "first\n"));
                  case 1 ->
                      conversation.userTexts().isEmpty()
                          ? hang()
                          : new Say(Reply.text("I read.").read("toolu_1", "first.txt"));
                  default -> new Say(Reply.text("Done."));
                });
    ServerProcess first = node("first", "web,worker", model);
    String id = first.tasks().create(repository.url(), prompt);
    awaitCalls(model, prompt, 2);
    first.stop();
    ServerProcess second = node("second", "web,worker", model);
    JsonNode task = second.tasks().awaitSuccess(id);
    assertThat(model.lastHeard(prompt).userTexts().getFirst())
        .contains("another machine", "Your changes to files are there");
    assertThat(second.tasks().toolCalls(id).getLast().path("output").asText()).contains("first");
    assertThat(repository.file(task.path("result").path("branch").asText(), "first.txt"))
        .isEqualTo("first");
    checkEvents(second.tasks().events(id));
    assertThat(model.violations()).isEmpty();
  }

  /** An approval holds for the commit that was shown, wherever it is pushed from. */
  @Test
  void whatWasReviewedIsPushedAlsoFromAnotherNode() throws Exception {
    PlayedModel model =
        PlayedModel.of(
            Reply.text("I write.").write("toolu_0", "new.txt", "new\n"), Reply.text("Done."));
    opened.add(model);
    ServerProcess web = node("web", "web", model);
    ServerProcess first = node("first", "worker", model);
    ObjectNode body = TestTasks.body(repository.url(), "Write").put("review", "before-push");
    String id = web.tasks().create(body);
    JsonNode waiting = web.tasks().awaitStatus(id, "waiting");
    assertThat(web.client().get("/api/tasks/" + id + "/diff").body())
        .contains("+++ b/new.txt", "+new");
    first.kill();
    web.tasks().act(id, "approve");
    node("second", "worker", model);
    JsonNode task = web.tasks().awaitSuccess(id);
    String branch = task.path("result").path("branch").asText();
    assertThat(repository.commitsOnTop(branch))
        .containsExactly(waiting.path("pendingReview").path("commit").asText());
    assertThat(model.calls("Write")).isEqualTo(2);
    checkEvents(web.tasks().events(id));
  }

  /** The database's server restarts under it: no task fails for that, and no event is lost. */
  @Test
  void aRunOutlivesItsConnections() throws Exception {
    String prompt = "Outlive connections";
    PlayedModel model =
        model(
            (conversation, time) ->
                new Say(
                    conversation.turns() < 12
                        ? Reply.text("Turn " + conversation.turns())
                            .bash("toolu_" + conversation.turns(), "echo x >> log.txt; sleep 0.1")
                        : Reply.text("Done.")));
    ServerProcess node = node("node", "web,worker", model);
    String id = node.tasks().create(repository.url(), prompt);
    for (int calls : List.of(3, 6, 9)) {
      awaitCalls(model, prompt, calls);
      TestDatabases.cutConnections(node.data());
    }
    Awaitility.await("the task is over")
        .atMost(TestTasks.DEADLINE)
        .ignoreExceptions()
        .until(() -> node.tasks().get(id).path("status").asText().equals("succeeded"));
    checkEvents(node.tasks().events(id));
    assertThat(model.violations()).isEmpty();
    try (EventReader reader = new EventReader(node.client(), id, 0)) {
      int events = 0;
      while (reader.nextStored().isPresent()) {
        events++;
      }
      assertThat(events).isEqualTo(node.tasks().events(id).size());
    }
  }

  private TestServer server(String name, Map<Setting, String> more) throws InterruptedException {
    Path unused = data(name);
    Map<Setting, String> settings = new HashMap<>(more);
    settings.put(Setting.LOCAL_REPOS, directory.toString());
    return TestServer.start(directory.resolve(name), settings);
  }

  @Test
  void nodesThatStartAtOnceHaveOneOwner() throws Exception {
    int nodes = 3;
    for (int i = 0; i < nodes; i++) {
      data("node" + i);
    }
    CyclicBarrier start = new CyclicBarrier(nodes);
    List<Future<TestServer>> starting = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < nodes; i++) {
        String name = "node" + i;
        starting.add(
            executor.submit(
                () -> {
                  start.await();
                  return server(name, Map.of());
                }));
      }
      int first = 0;
      for (Future<TestServer> future : starting) {
        TestServer server = future.get(60, TimeUnit.SECONDS);
        opened.add(server);
        first += server.mainstay().firstStart() ? 1 : 0;
      }
      assertThat(first).isEqualTo(1);
    }
    String users = TestDatabases.dump(data("node0"));
    assertThat(users.split("Owner", -1)).hasSize(2);
  }

  /** Runs and cancellations of the same tasks, at the same time, on two nodes. */
  @Test
  void eachTaskEndsOnceHoweverManyEndIt() throws Exception {
    PlayedModel model =
        PlayedModel.of(Reply.text("I read.").read("toolu_0", "README.md"), Reply.text("Done."));
    opened.add(model);
    Map<Setting, String> settings =
        Map.of(
            Setting.ANTHROPIC_BASE_URL, model.url(),
            Setting.ANTHROPIC_API_KEY, "sk-test",
            Setting.AGENT_SLOTS, "4");
    TestServer one = server("one", settings);
    opened.add(one);
    TestServer other = server("other", settings);
    opened.add(other);
    TestTasks tasks = new TestTasks(one.client());
    Random random = new Random(7);
    int number = 24;
    List<String> ids = new ArrayList<>();
    List<Future<?>> cancels = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < number; i++) {
        String id = tasks.create(repository.url(), "Task " + i);
        ids.add(id);
        for (TestServer server : List.of(one, other)) {
          long wait = random.nextLong(600_000_000);
          cancels.add(
              executor.submit(
                  () -> {
                    LockSupport.parkNanos(wait);
                    return cancel(server, id);
                  }));
        }
      }
      for (Future<?> cancel : cancels) {
        cancel.get(60, TimeUnit.SECONDS);
      }
    }
    for (String id : ids) {
      tasks.awaitStatus(id, "succeeded", "canceled");
      checkEvents(tasks.events(id));
    }
  }

  private static int cancel(TestServer server, String id) throws IOException, InterruptedException {
    int status = server.client().post("/api/tasks/" + id + "/cancel", "").status();
    assertThat(status).isIn(200, 409);
    return status;
  }
}
