package dev.mainstay.agent.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.Message;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The tool calls of a scenario, found again by their ids in the conversation that it made. */
final class ScriptedCalls {
  private static final Pattern ID = Pattern.compile("toolu_scripted_(\\d{1,9})_(\\d{1,9})");

  private ScriptedCalls() {}

  /**
   * @param position of the reply in the scenario, from 0
   * @param index of the call in the reply, from 0
   */
  static String id(int position, int index) {
    return "toolu_scripted_%d_%d".formatted(position, index);
  }

  /** Whether a call has failed that the scenario does not allow to fail. */
  static boolean anyFailed(Scenario scenario, List<Message> messages) {
    return messages.stream()
        .flatMap(message -> message.content().stream())
        .filter(block -> block.path("type").asText("").equals("tool_result"))
        .filter(block -> block.path("is_error").asBoolean(false))
        .anyMatch(block -> !mayFail(scenario, block));
  }

  private static boolean mayFail(Scenario scenario, ObjectNode result) {
    Matcher id = ID.matcher(result.path("tool_use_id").asText(""));
    if (!id.matches()) {
      return false;
    }
    int position = Integer.parseInt(id.group(1));
    int index = Integer.parseInt(id.group(2));
    return position < scenario.replies().size()
        && index < scenario.replies().get(position).tools().size()
        && scenario.replies().get(position).tools().get(index).mayFail();
  }
}
