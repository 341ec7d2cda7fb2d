package dev.mainstay.agent;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.mainstay.agent.tool.Tool;
import dev.mainstay.agent.tool.ToolSpec;
import java.util.function.Consumer;

/** A tool whose work a test writes. */
record FakeTool(String name, boolean readOnly, Work work) implements Tool {

  interface Work {
    Output run(JsonNode input) throws InterruptedException;
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
}
