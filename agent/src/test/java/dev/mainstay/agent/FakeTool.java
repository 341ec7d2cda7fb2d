package dev.mainstay.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.mainstay.agent.tool.Tool;
import dev.mainstay.agent.tool.ToolSpec;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A tool whose work a test writes.
 *
 * @param checkpoint {@code done}, {@code again} or {@code unknown}: what it decides after a crash
 */
record FakeTool(String name, boolean readOnly, Work work, Optional<String> checkpoint)
    implements Tool {

  interface Work {
    Output run(JsonNode input) throws InterruptedException;
  }

  FakeTool(String name, boolean readOnly, Work work) {
    this(name, readOnly, work, Optional.empty());
  }

  FakeTool decidedBy(String text) {
    return new FakeTool(name, readOnly, work, Optional.of(text));
  }

  @Override
  public ToolSpec spec() {
    return new ToolSpec(
        name, "a tool", JsonNodeFactory.instance.objectNode().put("type", "object"), readOnly);
  }

  @Override
  public Output run(JsonNode input, Consumer<String> live) throws InterruptedException {
    live.accept("running " + name);
    return work.run(input);
  }

  @Override
  public Optional<String> checkpoint(JsonNode input) {
    return checkpoint;
  }

  @Override
  public Recovery recover(JsonNode input, String text) {
    return switch (text) {
      case "done" -> new Recovery.Done(Output.ok("it was done"));
      case "again" -> new Recovery.NotDone();
      default -> new Recovery.Unknown();
    };
  }
}
