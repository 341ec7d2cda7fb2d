package dev.mainstay.server;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.agent.model.FakeAnthropicServer;
import dev.mainstay.agent.model.FakeAnthropicServer.Answer;
import dev.mainstay.agent.model.FakeAnthropicServer.Ending;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A model server whose answers follow from the conversation alone, so that it may be asked again
 * after any crash, and which checks of every request what the Messages API and a task's history
 * demand: it is well formed, it goes on from the longest one that was sent before, and what the
 * model said comes back unchanged. Tasks are told apart by their prompt.
 */
final class PlayedModel implements AutoCloseable {
  private final FakeAnthropicServer server = FakeAnthropicServer.start();
  private final Player player;
  // Guarded by this, as is all within.
  private final Map<String, History> histories = new HashMap<>();
  private final List<String> violations = new CopyOnWriteArrayList<>();

  /** Plays the model. */
  @FunctionalInterface
  interface Player {
    /**
     * @param time 1 for the first request with this number of turns, one more for each repetition
     */
    Move move(Conversation conversation, int time);
  }

  /** What the model does. */
  sealed interface Move {}

  /** A whole answer, with a pause before each event of its stream. */
  record Say(Reply reply, Duration gap) implements Move {
    Say(Reply reply) {
      this(reply, Duration.ZERO);
    }
  }

  /** An answer that breaks off after so many stream events. */
  record BreakOff(Reply reply, Ending ending, int after) implements Move {}

  /** An error, or whatever else is no stream. */
  record Refuse(FakeAnthropicServer.Status status) implements Move {}

  /** What was asked about one task. */
  private static final class History {
    @Nullable Conversation longest;
    final List<Integer> asked = new ArrayList<>();
    final Map<Integer, Set<JsonNode>> said = new HashMap<>();
  }

  PlayedModel(Player player) {
    this.player = player;
    server.otherwise(this::answer);
  }

  /** A server with an answer for each turn; the same one when it is asked again. */
  static PlayedModel of(Reply... replies) {
    return new PlayedModel(
        (conversation, time) ->
            new Say(replies[Math.min(conversation.turns(), replies.length - 1)]));
  }

  String url() {
    return server.url();
  }

  private Answer answer(FakeAnthropicServer.Received request) {
    try {
      return play(Conversation.of(request.body()));
    } catch (RuntimeException | AssertionError e) {
      violations.add("the player failed: " + e);
      return FakeAnthropicServer.error(400, "invalid_request_error", "the player failed");
    }
  }

  private Answer play(Conversation conversation) {
    int turn = conversation.turns();
    int time;
    synchronized (this) {
      History history = histories.computeIfAbsent(conversation.prompt(), prompt -> new History());
      Optional<String> wrong = check(conversation, history);
      if (wrong.isPresent()) {
        violations.add(conversation.prompt() + ": " + wrong.get());
        return FakeAnthropicServer.error(400, "invalid_request_error", wrong.get());
      }
      history.longest = conversation;
      history.asked.add(turn);
      time = (int) history.asked.stream().filter(asked -> asked == turn).count();
    }
    Move move = player.move(conversation, time);
    return switch (move) {
      case Say(Reply reply, Duration gap) -> {
        synchronized (this) {
          histories
              .computeIfAbsent(conversation.prompt(), prompt -> new History())
              .said
              .computeIfAbsent(turn, key -> new HashSet<>())
              .add(reply.content());
        }
        yield new FakeAnthropicServer.Stream(
            reply.message().events(), Ending.OK, Integer.MAX_VALUE, gap);
      }
      case BreakOff(Reply reply, Ending ending, int after) ->
          FakeAnthropicServer.cut(reply.message(), ending, after);
      case Refuse(FakeAnthropicServer.Status status) -> status;
    };
  }

  private static Optional<String> check(Conversation conversation, History history) {
    Optional<String> violation = conversation.violation();
    if (violation.isPresent()) {
      return violation;
    }
    Conversation longest = history.longest;
    if (longest != null && !conversation.beginsWith(longest)) {
      return Optional.of("a message was lost or changed: " + conversation + " after " + longest);
    }
    List<JsonNode> contents = conversation.assistantContents();
    for (int turn = 0; turn < contents.size(); turn++) {
      if (!history.said.getOrDefault(turn, Set.of()).contains(contents.get(turn))) {
        return Optional.of("turn " + turn + " is not what the model said: " + contents.get(turn));
      }
    }
    return Optional.empty();
  }

  /** What the requests that are kept gave as their credentials. */
  List<String> authorizations() {
    return server.requests().stream()
        .map(
            request ->
                request.headers().getOrDefault("authorization", "")
                    + request.headers().getOrDefault("x-api-key", ""))
        .toList();
  }

  /** What was wrong with requests so far. */
  List<String> violations() {
    return List.copyOf(violations);
  }

  /** Requests about a task so far. */
  synchronized int calls(String prompt) {
    History history = histories.get(prompt);
    return history == null ? 0 : history.asked.size();
  }

  /** Requests about a task that had been made before with as many turns. */
  synchronized int repeatedCalls(String prompt) {
    History history = histories.get(prompt);
    return history == null ? 0 : history.asked.size() - new HashSet<>(history.asked).size();
  }

  /** The last conversation that was sent about a task. */
  synchronized Conversation lastHeard(String prompt) {
    History history = histories.get(prompt);
    if (history == null || history.longest == null) {
      throw new IllegalStateException("nothing was asked about " + prompt);
    }
    return history.longest;
  }

  /** Lets go of what it knows of a task that is over. */
  synchronized void forget(String prompt) {
    histories.remove(prompt);
    server.forgetRequests();
  }

  @Override
  public void close() {
    server.close();
  }
}
