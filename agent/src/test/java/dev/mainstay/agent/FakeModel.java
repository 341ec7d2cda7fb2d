package dev.mainstay.agent;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.model.ModelClient;
import dev.mainstay.agent.model.ModelException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A model whose answers a test writes; it refuses conversations that the API would refuse. */
final class FakeModel implements ModelClient {
  static final Usage USAGE = new Usage(100, 10, 0, 0);

  private final Deque<Answer> queue = new ArrayDeque<>();
  private final List<Request> requests = new ArrayList<>();
  private Answer otherwise = (request, live) -> reply("end_turn", Blocks.text("done"));

  interface Answer {
    Reply to(Request request, LiveListener live) throws ModelException, InterruptedException;
  }

  FakeModel then(Answer answer) {
    queue.add(answer);
    return this;
  }

  FakeModel then(String stopReason, ObjectNode... content) {
    return then((request, live) -> reply(stopReason, content));
  }

  FakeModel fails(ModelException.Kind kind, Usage usage) {
    return then(
        (request, live) -> {
          throw new ModelException(kind, "no luck", usage, Optional.empty(), null);
        });
  }

  FakeModel overloaded(Duration retryAfter) {
    return then(
        (request, live) -> {
          throw new ModelException(
              ModelException.Kind.RETRYABLE, "slow", Usage.NONE, Optional.of(retryAfter), null);
        });
  }

  FakeModel otherwise(Answer answer) {
    otherwise = answer;
    return this;
  }

  synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  static Reply reply(String stopReason, ObjectNode... content) {
    return new Reply("claude-sonnet-5-5", List.of(content), stopReason, USAGE);
  }

  static Reply reply(String stopReason, Usage usage, ObjectNode... content) {
    return new Reply("claude-sonnet-5-5", List.of(content), stopReason, usage);
  }

  static ObjectNode tool(String id, String name) {
    ObjectNode block =
        JsonNodeFactory.instance
            .objectNode()
            .put("type", "tool_use")
            .put("id", id)
            .put("name", name);
    block.putObject("input").put("id", id);
    return block;
  }

  @Override
  public boolean scripted() {
    return false;
  }

  @Override
  public Reply call(Request request, LiveListener live)
      throws ModelException, InterruptedException {
    validate(request.messages());
    Answer answer;
    synchronized (this) {
      requests.add(request);
      answer = queue.poll();
    }
    return (answer == null ? otherwise : answer).to(request, live);
  }

  /** Each call has exactly one result, in the next message, in order; and no message is empty. */
  static void validate(List<Message> messages) {
    List<String> open = List.of();
    Set<String> seen = new HashSet<>();
    check(!messages.isEmpty() && messages.getFirst().role() == Message.Role.USER, "first message");
    for (Message message : messages) {
      check(!Blocks.saysNothing(message.content()), "empty message");
      List<String> results =
          message.content().stream()
              .filter(block -> Blocks.type(block).equals("tool_result"))
              .map(block -> block.path("tool_use_id").asText())
              .toList();
      check(results.equals(open), "calls " + open + " answered by " + results);
      open =
          message.content().stream()
              .filter(Blocks::isToolUse)
              .map(block -> block.path("id").asText())
              .toList();
      open.forEach(id -> check(seen.add(id), "call " + id + " twice"));
    }
    check(open.isEmpty(), "calls " + open + " without results");
  }

  private static void check(boolean condition, String violation) {
    if (!condition) {
      throw new AssertionError("The API would refuse this: " + violation);
    }
  }
}
