package dev.mainstay.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Checks a call against the schema's names and turns failures into answers. */
abstract class BuiltInTool implements Tool {
  private final ToolSpec spec;
  private final Set<String> fields = new HashSet<>();

  BuiltInTool(String name, boolean readOnly, String description, ObjectNode schema) {
    spec = new ToolSpec(name, description.strip(), schema, readOnly);
    schema.path("properties").fieldNames().forEachRemaining(fields::add);
  }

  @Override
  public final ToolSpec spec() {
    return spec;
  }

  @Override
  public final Output run(JsonNode input, Consumer<String> live) throws InterruptedException {
    try {
      return run(input(input), live);
    } catch (ToolFailure failure) {
      return Output.error(failure.sentence());
    }
  }

  final ToolInput input(JsonNode call) throws ToolFailure {
    return new ToolInput(call, fields);
  }

  abstract Output run(ToolInput input, Consumer<String> live)
      throws ToolFailure, InterruptedException;
}
