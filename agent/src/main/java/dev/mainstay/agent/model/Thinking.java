package dev.mainstay.agent.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/** Whether a model is told to think before it answers. */
public sealed interface Thinking {

  /** Nothing is asked for; each model has its own default. */
  record ModelDefault() implements Thinking {}

  /** The model decides how much. */
  record Adaptive() implements Thinking {}

  /** At most {@code tokens}, at least 1,024; must be below the limit on output tokens. */
  record Limited(int tokens) implements Thinking {
    public Limited {
      if (tokens < 1024) {
        throw new IllegalArgumentException("A thinking budget must be at least 1024 tokens");
      }
    }
  }

  /** What the request says of it. */
  default Optional<ObjectNode> json() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    return switch (this) {
      case ModelDefault unset -> Optional.empty();
      case Adaptive adaptive -> Optional.of(json.put("type", "adaptive"));
      case Limited limited ->
          Optional.of(json.put("type", "enabled").put("budget_tokens", limited.tokens()));
    };
  }
}
