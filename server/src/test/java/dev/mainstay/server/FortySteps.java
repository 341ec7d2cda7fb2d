package dev.mainstay.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.platform.Json;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A run of forty steps over all kinds of tools, as a careful model makes it: when it is told that
 * the outcome of a shell command is unknown it looks what has become of it, and does it again if it
 * must. The outcome of no other step may be unknown. So the tree at the end is the same however
 * often the run was cut.
 */
final class FortySteps implements PlayedModel.Player {
  static final int STEPS = 40;
  static final Map<String, String> REPOSITORY =
      Map.of("log.txt", "begin\n", "README.md", "# Forty steps\n");

  /** So that some calls are cut within their stream, and not only before or after it. */
  private static final Duration SLOW = Duration.ofMillis(2);

  private static final Pattern SAID = Pattern.compile("(Step|Check|Again) (\\d+)");

  @Override
  public PlayedModel.Move move(Conversation conversation, int time) {
    int turn = conversation.turns();
    Reply reply = reply(conversation, turn).costing(cost(turn));
    return new PlayedModel.Say(reply, turn % 5 == 4 ? SLOW : Duration.ZERO);
  }

  /** Each turn costs something else, so that a sum tells a lost turn from a doubled one. */
  static Reply.Tokens cost(int turn) {
    return new Reply.Tokens(100 + turn, 10 + 2L * turn, 1000L * turn, turn % 3);
  }

  /** What all turns of a run cost that had so many. */
  static Reply.Tokens cost(int from, int turns) {
    Reply.Tokens sum = Reply.Tokens.NONE;
    for (int turn = from; turn < turns; turn++) {
      sum = sum.plus(cost(turn));
    }
    return sum;
  }

  private static Reply reply(Conversation conversation, int turn) {
    Matcher said = SAID.matcher(conversation.lastSaid());
    if (!said.find()) {
      return act("Step", 1, turn);
    }
    int step = Integer.parseInt(said.group(2));
    if (said.group(1).equals("Check")) {
      return isDone(step, conversation.results().getFirst().output())
          ? next(step, turn)
          : act("Again", step, turn);
    }
    List<Conversation.Result> failed =
        conversation.results().stream().filter(Conversation.Result::isError).toList();
    if (failed.isEmpty()) {
      return next(step, turn);
    }
    if (!failed.getFirst().output().contains("outcome is unknown")) {
      throw new AssertionError("step " + step + " failed: " + failed);
    }
    if (kind(step) != Kind.BASH) {
      throw new AssertionError("step " + step + " is no command, and its outcome is unknown");
    }
    return look(step, turn);
  }

  private static Reply next(int step, int turn) {
    return step == STEPS
        ? Reply.text("All " + STEPS + " steps are done.")
        : act("Step", step + 1, turn);
  }

  private enum Kind {
    BASH,
    WRITE,
    EDIT,
    READ,
    PARALLEL,
    TODO
  }

  private static Kind kind(int step) {
    return Kind.values()[(step - 1) % Kind.values().length];
  }

  /** The file that a write makes, which the edit and the reads after it use. */
  private static String file(int step) {
    return "part-%02d.txt".formatted((step - 1) / Kind.values().length);
  }

  private static Reply act(String word, int step, int turn) {
    Reply reply = Reply.text(word + " " + step + " of " + STEPS);
    String id = "toolu_" + turn + "_";
    return switch (kind(step)) {
      case BASH -> reply.bash(id + 1, "echo step-" + step + " >> log.txt && tail -n 1 log.txt");
      case WRITE -> reply.write(id + 1, file(step), "written by step " + step + "\n");
      case EDIT ->
          reply.call(
              id + 1,
              "edit",
              Json.object()
                  .put("file_path", file(step))
                  .put("old_string", "written by step " + (step - 1))
                  .put("new_string", "edited by step " + step));
      case READ -> reply.read(id + 1, file(step));
      case PARALLEL ->
          reply
              .read(id + 1, "log.txt")
              .read(id + 2, file(step))
              .call(id + 3, "glob", Json.object().put("pattern", "*.txt"))
              .read(id + 4, "README.md");
      case TODO -> reply.call(id + 1, "todo", todo(step));
    };
  }

  private static ObjectNode todo(int step) {
    ObjectNode input = Json.object();
    input
        .putArray("todos")
        .addObject()
        .put("content", "go on after step " + step)
        .put("status", "in_progress");
    return input;
  }

  private static Reply look(int step, int turn) {
    return Reply.text("Check " + step + " of " + STEPS).read("toolu_" + turn + "_1", "log.txt");
  }

  private static boolean isDone(int step, String seen) {
    return Pattern.compile("step-" + step + "$", Pattern.MULTILINE).matcher(seen).find();
  }

  /** The tree that the pushed commit must have. */
  static Map<String, String> expectedFiles() {
    Map<String, String> files = new TreeMap<>(REPOSITORY);
    StringBuilder log = new StringBuilder("begin\n");
    for (int step = 1; step <= STEPS; step++) {
      switch (kind(step)) {
        case BASH -> log.append("step-").append(step).append('\n');
        case WRITE -> files.put(file(step), "written by step " + step + "\n");
        case EDIT -> files.put(file(step), "edited by step " + step + "\n");
        case READ, PARALLEL, TODO -> {
          // They change nothing.
        }
      }
    }
    files.put("log.txt", log.toString());
    return files;
  }
}
