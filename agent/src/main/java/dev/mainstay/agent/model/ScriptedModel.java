package dev.mainstay.agent.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.LiveListener;
import dev.mainstay.agent.Message;
import dev.mainstay.agent.Usage;
import dev.mainstay.agent.Waits;
import dev.mainstay.agent.tool.ToolSpec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Plays a written scenario in place of a model, for demonstrations and tests. It keeps no state:
 * its next reply is the one after as many as the request holds assistant messages, so it goes on
 * rightly after a restart. A summary that it is asked for notes that number, and it counts on from
 * there. After the last reply it says that the scenario is over.
 *
 * <p>Usage is counted by a fixed rule, not by a tokenizer: a token for each four characters begun,
 * of the request's instructions, tool descriptions and block texts for input, and of the reply's
 * blocks for output. Nothing is cached. A run of it costs nothing.
 */
public final class ScriptedModel implements ModelClient {

  /** The id under which runs name it. */
  public static final String NAME = "scripted";

  private static final String SHELL = "bash";
  private static final int CHARS_PER_TOKEN = 4;
  private static final String OVER = "The scenario is over; there is nothing more to do.";
  private static final Pattern POSITION = Pattern.compile("\\[scenario position (\\d{1,9})]");

  private final Scenario scenario;
  private final Scenario withoutShell;
  private final double delayFactor;
  private final Waits waits;

  private ScriptedModel(Scenario scenario, Scenario withoutShell, double delayFactor, Waits waits) {
    if (!(delayFactor >= 0)) {
      throw new IllegalArgumentException("The delay factor must not be below 0");
    }
    this.scenario = scenario;
    this.withoutShell = withoutShell;
    this.delayFactor = delayFactor;
    this.waits = waits;
  }

  /**
   * @param json {@code {"replies": [{"text": …, "tools": [{"name": …, "input": {…}}], "stopReason":
   *     …, "delayMillis": …, "chunkDelayMillis": …, "textAfterFailure": …}]}}; {@code text} is a
   *     string or a list of chunks, {@code textAfterFailure} is said in its place once a call has
   *     failed that is not marked {@code "mayFail": true}, and all but {@code replies} may be left
   *     out
   * @param delayFactor what the scenario's delays are multiplied by; 0 plays at once
   * @throws IllegalArgumentException if it is not a scenario, with the reason
   */
  public static ScriptedModel parse(String json, double delayFactor) {
    Scenario scenario = Scenario.parse(json);
    return new ScriptedModel(scenario, scenario, delayFactor, Waits.SLEEPING);
  }

  /**
   * The built-in demonstration: it repairs a typing error in a project of {@code README.md}, {@code
   * greet.sh} and {@code test.sh}, in about five seconds at factor 1. A run that has no shell gets
   * a scenario without the commands, and is not told that they were run.
   */
  public static ScriptedModel demo(double delayFactor) {
    return new ScriptedModel(
        resource("demo-scenario.json"),
        resource("demo-scenario-without-shell.json"),
        delayFactor,
        Waits.SLEEPING);
  }

  private static Scenario resource(String name) {
    try (InputStream in = ScriptedModel.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + " is missing");
      }
      return Scenario.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same scenario with another way to wait, for tests. */
  public ScriptedModel waiting(Waits other) {
    return new ScriptedModel(scenario, withoutShell, delayFactor, other);
  }

  @Override
  public boolean scripted() {
    return true;
  }

  @Override
  public Reply call(Request request, LiveListener live) throws InterruptedException {
    boolean hasShell = request.tools().stream().anyMatch(tool -> tool.name().equals(SHELL));
    Scenario played = hasShell ? scenario : withoutShell;
    int position = position(request.messages());
    Scenario.Line line =
        asksForSummary(request)
            ? line("The scenario goes on after this summary. [scenario position " + position + "]")
            : position < played.replies().size() ? played.replies().get(position) : line(OVER);
    boolean afterFailure = ScriptedCalls.anyFailed(played, request.messages());
    List<ObjectNode> content = play(line, line.text(afterFailure), position, live);
    Usage usage = new Usage(tokens(input(request)), tokens(characters(content)), 0, 0);
    return new Reply(NAME, content, line.stopReason(), usage);
  }

  private List<ObjectNode> play(
      Scenario.Line line, List<String> text, int position, LiveListener live)
      throws InterruptedException {
    List<ObjectNode> content = new ArrayList<>();
    pause(line.delay());
    boolean first = true;
    for (String chunk : text) {
      if (!first) {
        pause(line.chunkDelay());
      }
      first = false;
      live.delta(delta("text", chunk, 0));
    }
    if (!text.isEmpty()) {
      content.add(block("text").put("text", String.join("", text)));
    }
    for (int i = 0; i < line.tools().size(); i++) {
      Scenario.Call call = line.tools().get(i);
      String id = ScriptedCalls.id(position, i);
      live.delta(
          delta("tool_input", call.input().toString(), content.size()).put("toolCallId", id));
      ObjectNode block = block("tool_use").put("id", id).put("name", call.name());
      block.set("input", call.input().deepCopy());
      content.add(block);
    }
    return content;
  }

  private static int position(List<Message> messages) {
    long replies = messages.stream().filter(m -> m.role() == Message.Role.ASSISTANT).count();
    return Math.toIntExact(replies) + (messages.isEmpty() ? 0 : noted(messages.getFirst()));
  }

  /** What a summary noted; only a summary, which comes first, is looked at. */
  private static int noted(Message first) {
    for (ObjectNode block : first.content()) {
      Matcher note = POSITION.matcher(text(block));
      if (note.find()) {
        return Integer.parseInt(note.group(1));
      }
    }
    return 0;
  }

  private static boolean asksForSummary(Request request) {
    List<Message> messages = request.messages();
    return !messages.isEmpty()
        && !messages.getLast().content().isEmpty()
        && text(messages.getLast().content().getLast()).equals(SummaryRequest.INSTRUCTION);
  }

  private static String text(ObjectNode block) {
    return block.path("type").asText("").equals("text") ? block.path("text").asText("") : "";
  }

  private void pause(Duration delay) throws InterruptedException {
    long millis = (long) (delay.toMillis() * delayFactor);
    if (millis > 0) {
      waits.await(Duration.ofMillis(millis));
    } else if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }

  private static Scenario.Line line(String text) {
    return new Scenario.Line(
        List.of(text), List.of(), List.of(), "end_turn", Duration.ZERO, Duration.ZERO);
  }

  private static ObjectNode block(String type) {
    return JsonNodeFactory.instance.objectNode().put("type", type);
  }

  private static ObjectNode delta(String kind, String text, int index) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("kind", kind)
        .put("text", text)
        .put("index", index);
  }

  private static long input(Request request) {
    long characters = request.instructions().length();
    for (ToolSpec tool : request.tools()) {
      characters += tool.name().length() + tool.description().length();
      characters += tool.inputSchema().toString().length();
    }
    for (Message message : request.messages()) {
      characters += characters(message.content());
    }
    return characters;
  }

  private static long characters(List<ObjectNode> content) {
    return content.stream().mapToLong(block -> block.toString().length()).sum();
  }

  private static long tokens(long characters) {
    return Math.ceilDiv(characters, CHARS_PER_TOKEN);
  }
}
