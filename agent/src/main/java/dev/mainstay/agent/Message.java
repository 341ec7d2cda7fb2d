package dev.mainstay.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * One committed message of a run's conversation.
 *
 * @param id opaque, unique
 * @param role who speaks, in the Anthropic Messages API's sense
 * @param content Anthropic content blocks, byte for byte as the model sent them where it did
 *     (thinking blocks carry a signature over their text, so they must never be rebuilt)
 */
public record Message(String id, Role role, List<ObjectNode> content) {

  /** The two roles of the Messages API. */
  public enum Role {
    USER,
    ASSISTANT
  }

  public Message {
    content = List.copyOf(content);
  }
}
