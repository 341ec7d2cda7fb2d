package dev.mainstay.agent.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.LiveListener;
import dev.mainstay.agent.Message;
import dev.mainstay.agent.Usage;
import dev.mainstay.agent.model.FakeAnthropicServer.Ending;
import dev.mainstay.agent.model.FakeAnthropicServer.Stream;
import dev.mainstay.agent.model.ModelException.Kind;
import dev.mainstay.agent.tool.ToolSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AnthropicModelTest {
  private static final String KEY = "sk-test-canary";

  private FakeAnthropicServer server;
  private AnthropicModel model;

  @BeforeEach
  void start() {
    server = FakeAnthropicServer.start();
    model = model(Duration.ofSeconds(20), Duration.ofMinutes(1), new Thinking.ModelDefault());
  }

  @AfterEach
  void stop() {
    model.close();
    server.close();
  }

  @Test
  void bringsBackEveryBlockAsItCame() throws Exception {
    String thinking = "First I look.\nThen — äöü 🙂 \"quoted\" — I act.";
    ObjectNode redacted =
        FakeMessage.object().put("type", "redacted_thinking").put("data", "EmwKAhgBEgy3va3pzix/==");
    ObjectNode unknown = FakeMessage.object().put("type", "hologram").put("depth", 3);
    unknown.putObject("inner").put("x", 1.50).putArray("list").add(1).addNull().add("é");
    ObjectNode growing = FakeMessage.object().put("type", "dream").put("plot", "It ");
    ObjectNode growth = FakeMessage.object().put("type", "dream_delta").put("plot", "was dark");
    server.then(
        FakeMessage.message()
            .thinking(thinking, "sig/+=")
            .block(redacted)
            .block(unknown)
            .block(growing, List.of(growth))
            .text("I read the file. 🙂")
            .tool(
                "toolu_1", "read", "{\"file_path\": \"a.txt\", \"n\": 1.10, \"deep\": {\"k\": []}}")
            .usage(100, 42, 7, 3));

    ModelClient.Reply reply = call();

    assertThat(reply.stopReason()).isEqualTo("tool_use");
    assertThat(reply.usage()).isEqualTo(new Usage(100, 42, 7, 3));
    assertThat(reply.content().stream().map(JsonNode::toString))
        .containsExactly(
            FakeMessage.object()
                .put("type", "thinking")
                .put("thinking", thinking)
                .put("signature", "sig/+=")
                .toString(),
            redacted.toString(),
            unknown.toString(),
            "{\"type\":\"dream\",\"plot\":\"It was dark\"}",
            "{\"type\":\"text\",\"text\":\"I read the file. 🙂\"}",
            "{\"type\":\"tool_use\",\"id\":\"toolu_1\",\"name\":\"read\",\"input\":"
                + "{\"file_path\":\"a.txt\",\"n\":1.10,\"deep\":{\"k\":[]}}}");

    server.then(FakeMessage.message().text("done"));
    model.call(
        request(
            user("hi"),
            new Message("2", Message.Role.ASSISTANT, reply.content()),
            user("and now?")),
        LiveListener.NONE);
    JsonNode sent = server.requests().getLast().body().path("messages").path(1).path("content");
    for (int i = 0; i < reply.content().size(); i++) {
      assertThat(sent.path(i).path("thinking")).isEqualTo(reply.content().get(i).path("thinking"));
      assertThat(sent.path(i).toString().replace("1.1,", "1.10,"))
          .isEqualTo(reply.content().get(i).toString());
    }
  }

  @Test
  void asksForAStreamWithTheKeyAndAtMostFourBreakpoints() throws Exception {
    server.then(FakeMessage.message().text("ok"));
    ObjectNode schema = FakeMessage.object().put("type", "object");
    Message first = user("one");
    model.call(
        new ModelClient.Request(
            "claude-sonnet-5-5",
            "You are good.",
            List.of(
                first,
                new Message("a", Message.Role.ASSISTANT, List.of(text("x"), text(""), text(" \n"))),
                user("two"),
                new Message("b", Message.Role.ASSISTANT, List.of(text("y"))),
                user("three"),
                user("four")),
            List.of(
                new ToolSpec("a", "does a", schema, true),
                new ToolSpec("b", "does b", schema, false)),
            1000),
        LiveListener.NONE);

    FakeAnthropicServer.Received sent = server.requests().getFirst();
    assertThat(sent.path()).isEqualTo("/v1/messages");
    assertThat(sent.headers()).containsEntry("authorization", "Bearer " + KEY);
    assertThat(sent.body().path("stream").asBoolean()).isTrue();
    assertThat(sent.body().path("max_tokens").asInt()).isEqualTo(1000);
    assertThat(sent.body().findValues("cache_control")).hasSize(4);
    assertThat(sent.body().at("/tools/1/cache_control/type").asText()).isEqualTo("ephemeral");
    assertThat(sent.body().at("/system/0/cache_control/type").asText()).isEqualTo("ephemeral");
    assertThat(sent.body().at("/messages/2/content/0/cache_control").isObject()).isTrue();
    assertThat(sent.body().at("/messages/4/content/1/cache_control").isObject()).isTrue();
    assertThat(sent.body().path("messages")).hasSize(5);
    assertThat(sent.body().at("/messages/1/content")).as("blank text is left out").hasSize(1);
    assertThat(sent.body().has("thinking")).isFalse();
    assertThat(first.content().getFirst().has("cache_control")).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"adaptive", "enabled"})
  void asksForThinkingIfToldTo(String type) throws Exception {
    server.then(FakeMessage.message().text("ok"));
    Thinking thinking =
        type.equals("adaptive") ? new Thinking.Adaptive() : new Thinking.Limited(2048);
    try (AnthropicModel other = model(Duration.ofSeconds(20), Duration.ofMinutes(1), thinking)) {
      other.call(request(user("hi")), LiveListener.NONE);
    }
    assertThat(server.requests().getFirst().body().at("/thinking/type").asText()).isEqualTo(type);
  }

  @Test
  void tellsWhatIsGeneratedAsItComes() throws Exception {
    server.then(
        FakeMessage.message()
            .thinking("thought", "s")
            .text("a text in chunks")
            .tool("t1", "read", "{\"a\": 1}"));
    List<JsonNode> deltas = new ArrayList<>();
    model.call(request(user("hi")), deltas::add);

    assertThat(said(deltas, "thinking")).isEqualTo("thought");
    assertThat(said(deltas, "text")).isEqualTo("a text in chunks");
    assertThat(said(deltas, "tool_input")).isEqualTo("{\"a\": 1}");
    assertThat(deltas.getLast().path("toolCallId").asText()).isEqualTo("t1");
    assertThat(deltas.getLast().path("index").asInt()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource(
      value = Ending.class,
      names = {"CLEAN_END", "RESET", "FIN_MID_CHUNK", "HALF_JSON", "ERROR_EVENT"})
  void takesNoCutStreamForAWholeOne(Ending ending) {
    FakeMessage message = FakeMessage.message().text("some text").usage(70, 30, 5, 6);
    server.then(FakeAnthropicServer.cut(message, ending, message.events().size() - 1));

    ModelException failure = failure();

    assertThat(failure.kind()).isEqualTo(Kind.RETRYABLE);
    // A reset may overtake the data before it.
    if (ending != Ending.RESET) {
      assertThat(failure.usage()).isEqualTo(new Usage(70, 30, 5, 6));
    }
    assertThat(server.requests()).as("the SDK does not retry").hasSize(1);
  }

  @Test
  void countsWhatACutCallToldAtItsStart() {
    FakeMessage message = FakeMessage.message().text("some text").usage(70, 30, 5, 6);
    server.then(FakeAnthropicServer.cut(message, Ending.CLEAN_END, 4));
    assertThat(failure().usage()).isEqualTo(new Usage(70, 1, 5, 6));
  }

  @Test
  void givesUpASilentStreamButNotASlowOne() throws Exception {
    try (AnthropicModel hasty =
        model(Duration.ofMillis(500), Duration.ofMinutes(1), new Thinking.ModelDefault())) {
      server.then(FakeAnthropicServer.cut(FakeMessage.message().text("a"), Ending.STALL, 3));
      ModelException failure =
          catchThrowableOfType(
              ModelException.class, () -> hasty.call(request(user("hi")), LiveListener.NONE));
      assertThat(failure.kind()).isEqualTo(Kind.RETRYABLE);
      assertThat(failure.usage().inputTokens()).isEqualTo(10);

      List<String> events = FakeMessage.message().text("quite a long text, slowly").events();
      server.then(new Stream(events, Ending.OK, 0, Duration.ofMillis(150)));
      assertThat(hasty.call(request(user("hi")), LiveListener.NONE).stopReason())
          .isEqualTo("end_turn");
    }
  }

  @Test
  void givesUpAStreamThatOnlyPings() {
    List<String> events = new ArrayList<>(FakeMessage.message().text("a").events().subList(0, 3));
    for (int i = 0; i < 200; i++) {
      events.add("event: ping\ndata: {\"type\": \"ping\"}");
    }
    try (AnthropicModel hasty =
        model(Duration.ofMillis(300), Duration.ofMinutes(1), new Thinking.ModelDefault())) {
      server.then(new Stream(events, Ending.OK, 0, Duration.ofMillis(50)));
      ModelException failure =
          catchThrowableOfType(
              ModelException.class, () -> hasty.call(request(user("hi")), LiveListener.NONE));
      assertThat(failure.kind()).isEqualTo(Kind.RETRYABLE);
      assertThat(failure).hasMessageContaining("nothing but signs of life");
      assertThat(failure.usage().inputTokens()).isEqualTo(10);
    }
  }

  @Test
  void givesUpACallThatNeverEnds() {
    try (AnthropicModel hasty =
        model(Duration.ofSeconds(20), Duration.ofMillis(500), new Thinking.ModelDefault())) {
      server.then(FakeAnthropicServer.cut(FakeMessage.message().text("a"), Ending.STALL, 3));
      ModelException failure =
          catchThrowableOfType(
              ModelException.class, () -> hasty.call(request(user("hi")), LiveListener.NONE));
      assertThat(failure.kind()).isEqualTo(Kind.RETRYABLE);
      assertThat(failure).hasMessageContaining("longer than");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "400,invalid_request_error,messages.0: bad,PERMANENT",
    "400,invalid_request_error,prompt is too long: 210000 tokens > 200000 maximum,CONTEXT_OVERFLOW",
    "401,authentication_error,invalid x-api-key,PERMANENT",
    "403,permission_error,no,PERMANENT",
    "404,not_found_error,model: gone,PERMANENT",
    "413,request_too_large,too large,CONTEXT_OVERFLOW",
    "429,rate_limit_error,slow down,RETRYABLE",
    "500,api_error,oops,RETRYABLE",
    "503,api_error,oops,RETRYABLE",
    "529,overloaded_error,Overloaded,RETRYABLE",
  })
  void saysWhatToDoAboutAnError(int status, String type, String message, Kind kind) {
    server.then(FakeAnthropicServer.error(status, type, message));
    ModelException failure = failure();
    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure).hasMessageContaining(message).hasMessageContaining("" + status);
    assertThat(failure.usage()).isEqualTo(Usage.NONE);
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"retry-after,7,7000", "retry-after,0.5,500", "retry-after-ms,250,250"})
  void passesOnHowLongToWait(String header, String value, long millis) {
    server.then(new FakeAnthropicServer.Status(429, Map.of(header, value), "not json"));
    assertThat(failure().retryAfter()).contains(Duration.ofMillis(millis));
  }

  @Test
  void followsNoRedirect() {
    server.then(
        new FakeAnthropicServer.Status(307, Map.of("location", server.url() + "/other"), "{}"));
    assertThat(failure().kind()).isEqualTo(Kind.PERMANENT);
    assertThat(server.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {401, 529})
  void neverTellsTheKey(int status) {
    server.then(FakeAnthropicServer.error(status, "error", "your key " + KEY + " is bad"));
    ModelException failure = failure();
    assertThat(failure)
        .hasMessageNotContaining(KEY)
        .hasMessageContaining("[redacted]")
        .hasNoCause();
    assertThat(settings(Duration.ofSeconds(1), Duration.ofSeconds(1), new Thinking.Adaptive()))
        .hasToString(
            settings(Duration.ofSeconds(1), Duration.ofSeconds(1), new Thinking.Adaptive())
                .toString())
        .asString()
        .doesNotContain(KEY);
  }

  @Test
  void saysNoConnectionInWords() {
    server.close();
    ModelException failure = failure();
    assertThat(failure.kind()).isEqualTo(Kind.RETRYABLE);
    assertThat(failure).hasMessageStartingWith("The connection failed");
  }

  @Test
  void wrapsAnInputThatTheOutputLimitCut() throws Exception {
    server.then(
        FakeMessage.message()
            .stop("max_tokens")
            .tool("t1", "write", "{\"a\": 1}")
            .tool("t2", "write", "{\"content\": \"half"));
    ModelClient.Reply reply = call();
    assertThat(reply.stopReason()).isEqualTo("max_tokens");
    assertThat(reply.content().getFirst().path("input")).hasToString("{\"a\":1}");
    assertThat(reply.content().getLast().at("/input/INVALID_JSON").asText())
        .isEqualTo("{\"content\": \"half");
  }

  @Test
  void takesAnEmptyInputForAnEmptyObjectUnlessItWasCut() throws Exception {
    server.then(FakeMessage.message().tool("t1", "list", ""));
    assertThat(call().content().getFirst().path("input")).hasToString("{}");
    server.then(FakeMessage.message().stop("max_tokens").tool("t1", "list", ""));
    assertThat(call().content().getFirst().path("input").has("INVALID_JSON")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void endsWithinASecondOfAnInterrupt(boolean virtual) throws Exception {
    server.then(FakeAnthropicServer.cut(FakeMessage.message().text("abc"), Ending.STALL, 4));
    CountDownLatch flowing = new CountDownLatch(1);
    CompletableFuture<Throwable> end = new CompletableFuture<>();
    Runnable run =
        () -> {
          try {
            model.call(request(user("hi")), delta -> flowing.countDown());
          } catch (Exception e) {
            end.complete(e);
          }
        };
    Thread thread =
        virtual ? Thread.ofVirtual().start(run) : Thread.ofPlatform().daemon().start(run);
    flowing.await();
    thread.interrupt();
    assertThat(end)
        .succeedsWithin(Duration.ofSeconds(5))
        .isInstanceOfSatisfying(
            ModelInterruptedException.class,
            e -> assertThat(e.usage().inputTokens()).isEqualTo(10));
    Awaitility.await().until(() -> !thread.isAlive());
  }

  @Test
  void servesFiveHundredSlowStreamsAtOnce() throws Exception {
    List<String> events = FakeMessage.message().text("a slow text of some length").events();
    server.otherwise(request -> new Stream(events, Ending.OK, 0, Duration.ofMillis(100)));
    model.warm();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<ModelClient.Reply>> replies = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        replies.add(executor.submit(this::call));
      }
      for (Future<ModelClient.Reply> reply : replies) {
        assertThat(reply.get().content()).hasSize(1);
      }
    }
    assertThat(server.requests()).hasSize(500);
  }

  @Test
  void warmsWithoutTheRealServer() {
    model.warm();
    assertThat(server.requests()).isEmpty();
  }

  private ModelClient.Reply call() throws ModelException, InterruptedException {
    return model.call(request(user("hi")), LiveListener.NONE);
  }

  private ModelException failure() {
    return catchThrowableOfType(ModelException.class, this::call);
  }

  private AnthropicModel model(Duration idle, Duration call, Thinking thinking) {
    return new AnthropicModel(settings(idle, call, thinking));
  }

  private AnthropicSettings settings(Duration idle, Duration call, Thinking thinking) {
    return new AnthropicSettings(
        KEY, Optional.of(server.url()), Duration.ofSeconds(5), idle, call, thinking);
  }

  private static ModelClient.Request request(Message... messages) {
    return new ModelClient.Request(
        "claude-sonnet-5-5", "Be good.", List.of(messages), List.of(), 4000);
  }

  private static Message user(String text) {
    return new Message(text, Message.Role.USER, List.of(text(text)));
  }

  private static ObjectNode text(String text) {
    return FakeMessage.object().put("type", "text").put("text", text);
  }

  private static String said(List<JsonNode> deltas, String kind) {
    StringBuilder said = new StringBuilder();
    for (JsonNode delta : deltas) {
      if (delta.path("kind").asText().equals(kind)) {
        said.append(delta.path("text").asText());
      }
    }
    return said.toString();
  }
}
