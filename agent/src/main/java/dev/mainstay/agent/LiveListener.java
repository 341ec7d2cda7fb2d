package dev.mainstay.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Receives what is generated right now. Nothing here is durable; it must return quickly. */
@FunctionalInterface
public interface LiveListener {

  LiveListener NONE = delta -> {};

  /**
   * @param delta {@code {"kind":"text"|"thinking"|"tool_input"|"tool_output"|"retry", "text":…,
   *     "index":…, "toolCallId":…?}}; {@code index} is the content block's, and for {@code retry}
   *     the number of the attempt that failed, with {@code "waitMillis"} until the next
   */
  void delta(ObjectNode delta);
}
