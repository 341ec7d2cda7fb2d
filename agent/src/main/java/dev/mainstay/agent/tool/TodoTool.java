package dev.mainstay.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Keeps nothing: the list lives in the conversation, where the model and a reader see it. */
final class TodoTool extends BuiltInTool {
  static final int MAX_ITEMS = 100;
  static final int MAX_CHARS = 500;
  private static final List<String> STATUSES = List.of("pending", "in_progress", "completed");
  private static final Set<String> FIELDS = Set.of("content", "status");

  TodoTool() {
    super(
        "todo",
        false,
        """
        Keeps your plan for work of several steps. Each call replaces the whole list. Mark a step \
        in_progress when you begin it and completed as soon as it is done; the people who watch the \
        task see the list.
        """,
        new Schema()
            .list(
                "todos",
                new Schema()
                    .string("content", "What is to be done")
                    .oneOf("status", STATUSES, "How far it is")
                    .requiring("content", "status"),
                "The complete list, in order")
            .required("todos"));
  }

  @Override
  public Optional<String> checkpoint(JsonNode input) {
    return Optional.of("");
  }

  /** Nothing is changed, so that running it again is the same. */
  @Override
  public Recovery recover(JsonNode input, String checkpoint) {
    return new Recovery.NotDone();
  }

  @Override
  Output run(ToolInput input, Consumer<String> live) throws ToolFailure {
    JsonNode todos = input.array("todos");
    if (todos.size() > MAX_ITEMS) {
      throw new ToolFailure("The list has more than " + MAX_ITEMS + " items.");
    }
    StringBuilder list = new StringBuilder();
    for (JsonNode todo : todos) {
      ToolInput item = new ToolInput(todo, FIELDS);
      String content = item.string("content").strip();
      if (content.isEmpty() || content.length() > MAX_CHARS) {
        throw new ToolFailure("'content' must have 1 to " + MAX_CHARS + " characters.");
      }
      String status = item.string("status");
      String mark =
          switch (status) {
            case "pending" -> "[ ] ";
            case "in_progress" -> "[>] ";
            case "completed" -> "[x] ";
            default -> throw new ToolFailure("'status' must be one of " + STATUSES + ".");
          };
      list.append(mark).append(Text.visible(content).replace('\n', ' ')).append('\n');
    }
    return Output.ok(list.isEmpty() ? "The list is empty.\n" : list.toString());
  }
}
