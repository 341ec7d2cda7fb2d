package dev.mainstay.server.event;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One event of a task, as SSE, WebSocket and the JSON list show it.
 *
 * @param seq from 1, without gaps per task; null for what is not stored: {@code delta} and {@code
 *     gap}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Event(@Nullable Long seq, String taskId, String type, Instant at, JsonNode data) {

  /** The type of the event that ends a run. */
  public static final String COMPLETE = "complete";

  static final String DELTA = "delta";
  static final String GAP = "gap";

  boolean stored() {
    return seq != null;
  }

  long position() {
    return seq == null ? 0 : seq;
  }
}
