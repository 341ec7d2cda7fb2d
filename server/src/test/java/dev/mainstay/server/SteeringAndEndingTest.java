package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.model.FakeAnthropicServer;
import dev.mainstay.agent.model.FakeAnthropicServer.Ending;
import dev.mainstay.server.PlayedModel.BreakOff;
import dev.mainstay.server.PlayedModel.Move;
import dev.mainstay.server.PlayedModel.Refuse;
import dev.mainstay.server.PlayedModel.Say;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What people and limits do to a run, and what a model's stream does, through the whole server. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class SteeringAndEndingTest {
  @TempDir static Path directory;
  private static final Map<String, PlayedModel.Player> PLAYERS = new ConcurrentHashMap<>();
  private static final PlayedModel MODEL =
      new PlayedModel(
          (conversation, time) ->
              Objects.requireNonNull(PLAYERS.get(conversation.prompt())).move(conversation, time));
  private static TestRepository repository;
  private static TestServer server;
  private static TestTasks tasks;

  @BeforeAll
  static void start() throws Exception {
    repository = TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    server =
        TestServer.start(
            directory,
            Map.of(
                Setting.ANTHROPIC_BASE_URL, MODEL.url(),
                Setting.ANTHROPIC_API_KEY, "sk-test",
                Setting.MODEL_IDLE_TIMEOUT, "2s",
                Setting.AGENT_SLOTS, "16",
                Setting.LOCAL_REPOS, directory.toString()));
    tasks = new TestTasks(server.client());
  }

  @AfterEach
  void nothingWasWrong() {
    assertThat(MODEL.violations()).isEmpty();
  }

  @AfterAll
  static void stop() {
    server.close();
    MODEL.close();
  }

  private static String create(String prompt, PlayedModel.Player player) throws Exception {
    return create(TestTasks.body(repository.url(), prompt), player);
  }

  private static String create(ObjectNode body, PlayedModel.Player player) throws Exception {
    PLAYERS.put(body.path("prompt").asText(), player);
    return tasks.create(body);
  }

  private static Reply read(int turn) {
    return Reply.text("Turn " + turn).read("toolu_" + turn, "README.md");
  }

  private static String steer(String text) {
    return Json.object().put("text", text).toString();
  }

  private static void awaitCalls(PlayedModel model, String prompt, int calls) {
    Awaitility.await().atMost(TestTasks.DEADLINE).until(() -> model.calls(prompt) >= calls);
  }

  private static Move afterwards(CountDownLatch gate, Reply reply) {
    try {
      if (!gate.await(60, TimeUnit.SECONDS)) {
        throw new AssertionError("nobody opened the gate");
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    return new Say(reply);
  }

  @Test
  void steeringIsHeardBeforeTheNextCall() throws Exception {
    String prompt = "Be steered";
    CountDownLatch first = new CountDownLatch(1);
    CountDownLatch last = new CountDownLatch(1);
    String id =
        create(
            prompt,
            (conversation, time) ->
                switch (conversation.turns()) {
                  case 0 -> afterwards(first, read(0));
                  case 1 -> afterwards(last, Reply.text("Done, I think."));
                  default -> new Say(Reply.text("Done: " + conversation.userTexts()));
                });
    awaitCalls(MODEL, prompt, 1);
    tasks.act(id, "messages", steer("use tabs"));
    tasks.act(id, "messages", steer("and no semicolons"));
    first.countDown();
    awaitCalls(MODEL, prompt, 2);
    assertThat(MODEL.lastHeard(prompt).userTexts())
        .containsExactly("use tabs", "and no semicolons");
    // Said while it gives what would have been its last answer: it must not end on that.
    tasks.act(id, "messages", steer("one thing more"));
    last.countDown();
    JsonNode task = tasks.awaitSuccess(id);
    assertThat(task.path("result").path("summary").asText())
        .isEqualTo("Done: [use tabs, and no semicolons, one thing more]");
    assertThat(server.client().post("/api/tasks/" + id + "/messages", steer("late")).status())
        .isEqualTo(409);
  }

  @Test
  void steeringOutlivesAKill(@TempDir Path other) throws Exception {
    TestRepository sample = TestRepository.create(other, "sample", Map.of("README.md", "# One\n"));
    String prompt = "Be steered and killed";
    CountDownLatch never = new CountDownLatch(1);
    try (PlayedModel model =
            new PlayedModel(
                (conversation, time) ->
                    time == 1 && conversation.turns() == 0
                        ? afterwards(never, read(0))
                        : new Say(Reply.text("Heard " + conversation.userTexts())));
        ServerProcess process =
            ServerProcess.start(
                other,
                Map.of(
                    "ANTHROPIC_BASE_URL", model.url(),
                    "ANTHROPIC_API_KEY", "sk-test",
                    "MAINSTAY_LOCAL_REPOS", other.toString()))) {
      String id = process.tasks().create(sample.url(), prompt);
      awaitCalls(model, prompt, 1);
      process.tasks().act(id, "messages", steer("do it in French"));
      process.restart();
      JsonNode task = process.tasks().awaitSuccess(id);
      assertThat(task.path("result").path("summary").asText()).isEqualTo("Heard [do it in French]");
      assertThat(model.violations()).isEmpty();
      never.countDown();
    }
  }

  @Test
  void canceledTaskStopsWhereverItIs() throws Exception {
    String queued =
        create(
            TestTasks.body(repository.url(), "Cancel me in the queue")
                .put("notBefore", Instant.now().plusSeconds(3600).toString()),
            (conversation, time) -> new Say(Reply.text("Done.")));
    assertThat(tasks.act(queued, "cancel").path("status").asText()).isEqualTo("canceled");

    String waiting =
        create(
            TestTasks.body(repository.url(), "Cancel me in review").put("review", "before-push"),
            (conversation, time) ->
                new Say(
                    conversation.turns() == 0
                        ? Reply.text("I write.").write("toolu_0", "new.txt", "x\n")
                        : Reply.text("Done.")));
    tasks.awaitStatus(waiting, "waiting");
    assertThat(tasks.act(waiting, "cancel").path("status").asText()).isEqualTo("canceled");
    assertThat(server.client().post("/api/tasks/" + waiting + "/approve", "").status())
        .isEqualTo(409);

    CountDownLatch never = new CountDownLatch(1);
    String calling =
        create(
            "Cancel me in a model call",
            (conversation, time) -> afterwards(never, Reply.text("Too late.")));
    awaitCalls(MODEL, "Cancel me in a model call", 1);
    String unique = "sleep 98" + System.nanoTime() % 1_000_000_000L;
    String acting =
        create(
            "Cancel me in a command",
            (conversation, time) ->
                new Say(Reply.text("I wait.").bash("toolu_0", "(" + unique + " &) ; " + unique)));
    Awaitility.await().atMost(TestTasks.DEADLINE).until(() -> runs(unique));
    for (String id : List.of(calling, acting)) {
      tasks.act(id, "cancel");
      JsonNode task = tasks.awaitStatus(id, "canceled");
      assertThat(task.path("error").path("code").asText()).isEqualTo("canceled");
    }
    never.countDown();
    Awaitility.await().atMost(TestTasks.DEADLINE).until(() -> !runs(unique));
    for (String id : List.of(queued, waiting, calling, acting)) {
      List<JsonNode> events = tasks.events(id);
      TestTasks.assertGapFree(events);
      assertThat(events.getLast().path("type").asText()).isEqualTo("complete");
      assertThat(server.client().post("/api/tasks/" + id + "/cancel", "").status()).isEqualTo(409);
    }
    assertThat(repository.branches()).noneMatch(branch -> branch.endsWith(shortId(acting)));
  }

  private static String shortId(String id) {
    return id.substring(id.length() - 8);
  }

  private static boolean runs(String command) {
    return ProcessHandle.allProcesses()
        .anyMatch(process -> process.info().commandLine().orElse("").contains(command));
  }

  @Test
  void retryGoesOnFromTheLastStep() throws Exception {
    String prompt = "Fail once";
    String id =
        create(
            prompt,
            (conversation, time) ->
                switch (conversation.turns()) {
                  case 0 -> new Say(read(0));
                  case 1 ->
                      time == 1
                          ? new Refuse(
                              FakeAnthropicServer.error(
                                  401, "authentication_error", "invalid x-api-key"))
                          : new Say(Reply.text("Done after all."));
                  default -> throw new AssertionError("it was done");
                });
    JsonNode failed = tasks.awaitStatus(id, "failed");
    assertThat(failed.path("error").path("code").asText()).isEqualTo("model_error");
    assertThat(failed.path("error").path("message").asText()).contains("401");
    tasks.act(id, "retry");
    JsonNode task = tasks.awaitSuccess(id);
    assertThat(task.path("attempt").asInt()).isEqualTo(2);
    assertThat(task.path("result").path("summary").asText()).isEqualTo("Done after all.");
    assertThat(task.has("error")).isFalse();
    assertThat(tasks.messages(id)).hasSize(4);
    TestTasks.assertGapFree(tasks.events(id));
    assertThat(server.client().post("/api/tasks/" + id + "/retry", "").status()).isEqualTo(409);
  }

  @Test
  void limitsEndTheRunWithTheirCodes() throws Exception {
    Map<String, String> codes = new LinkedHashMap<>();
    codes.put("maxTurns", "max_turns");
    codes.put("maxTokens", "max_tokens");
    codes.put("maxCostUsd", "max_cost");
    codes.put("maxDurationSeconds", "max_duration");
    Map<String, String> ids = new LinkedHashMap<>();
    for (String limit : codes.keySet()) {
      ObjectNode body = TestTasks.body(repository.url(), "Run into " + limit);
      // Three turns of 1,000 tokens, that cost 0.0028 dollars each; the last one takes its time.
      body.putObject("limits")
          .put(
              limit,
              switch (limit) {
                case "maxTurns" -> new java.math.BigDecimal(3);
                case "maxTokens" -> new java.math.BigDecimal(2500);
                case "maxCostUsd" -> new java.math.BigDecimal("0.0080");
                default -> java.math.BigDecimal.ONE;
              });
      boolean slow = limit.equals("maxDurationSeconds");
      ids.put(
          limit,
          create(
              body,
              (conversation, time) ->
                  new Say(
                      (slow
                              ? Reply.text("I wait.")
                                  .bash("toolu_" + conversation.turns(), "sleep 600")
                              : read(conversation.turns()))
                          .costing(new Reply.Tokens(900, 100, 0, 0)))));
    }
    for (Map.Entry<String, String> row : ids.entrySet()) {
      String limit = row.getKey();
      JsonNode task = tasks.awaitStatus(row.getValue(), "failed");
      assertThat(task.path("error").path("code").asText()).as(limit).isEqualTo(codes.get(limit));
      assertThat(task.path("usage").path("turns").asInt())
          .as(limit)
          .isEqualTo(limit.equals("maxDurationSeconds") ? 1 : 3);
      if (limit.equals("maxTurns")) {
        // Limits count anew from a retry on.
        tasks.act(row.getValue(), "retry");
        JsonNode again = tasks.awaitStatus(row.getValue(), "failed");
        assertThat(again.path("usage").path("turns").asInt()).isEqualTo(6);
      }
    }
  }

  @Test
  void oddEndingsOfTheStreamAreNeverTakenForSuccess() throws Exception {
    Reply.Tokens cost = new Reply.Tokens(100, 20, 3, 4);
    Map<String, Move> oddities = new LinkedHashMap<>();
    for (Ending ending : Ending.values()) {
      if (ending != Ending.OK) {
        oddities.put(
            ending.name(), new BreakOff(Reply.text("A half answer.").costing(cost), ending, 4));
      }
    }
    oddities.put("529", refuse(529, "overloaded_error", Map.of()));
    oddities.put("429", refuse(429, "rate_limit_error", Map.of("retry-after", "1")));
    oddities.put("500", refuse(500, "api_error", Map.of()));
    Map<String, String> ids = new LinkedHashMap<>();
    for (Map.Entry<String, Move> oddity : oddities.entrySet()) {
      ids.put(
          oddity.getKey(),
          create(
              "End oddly: " + oddity.getKey(),
              (conversation, time) ->
                  switch (conversation.turns()) {
                    case 0 -> new Say(read(0).costing(cost));
                    default ->
                        time == 1
                            ? oddity.getValue()
                            : new Say(Reply.text("A whole answer.").costing(cost));
                  }));
    }
    for (Map.Entry<String, String> row : ids.entrySet()) {
      JsonNode task = tasks.awaitSuccess(row.getValue());
      assertThat(task.path("result").path("summary").asText()).isEqualTo("A whole answer.");
      JsonNode usage = task.path("usage");
      // More where a call went out first on a connection that the server had just closed.
      assertThat(usage.path("modelCalls").asInt()).as(row.getKey()).isGreaterThanOrEqualTo(3);
      assertThat(usage.path("turns").asInt()).as(row.getKey()).isEqualTo(2);
      Reply.Tokens whole = cost.plus(cost);
      // What message_start told; a reset may take even that from the wire.
      Reply.Tokens cut = whole.plus(new Reply.Tokens(100, 1, 3, 4));
      assertThat(Reply.Tokens.of(usage))
          .as(row.getKey())
          .isIn(
              switch (row.getKey()) {
                case "529", "429", "500" -> List.of(whole);
                case "RESET" -> List.of(whole, cut);
                default -> List.of(cut);
              });
      assertThat(Json.write(tasks.messages(row.getValue()))).doesNotContain("half");
    }
  }

  private static Refuse refuse(int code, String type, Map<String, String> headers) {
    return new Refuse(
        new FakeAnthropicServer.Status(
            code, headers, FakeAnthropicServer.error(code, type, "Not now").body()));
  }
}
