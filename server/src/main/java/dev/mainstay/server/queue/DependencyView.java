package dev.mainstay.server.queue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.DependencyState;
import org.jspecify.annotations.Nullable;

/**
 * A child of a job, as its parent knows it; the child itself may be gone.
 *
 * @param returnValue of a processed child
 * @param failedReason of an ignored or failed one
 */
public record DependencyView(
    String queue,
    String id,
    State state,
    @Nullable JsonNode returnValue,
    @Nullable String failedReason) {

  /** How far a child has come, as BullMQ calls it. */
  public enum State {
    @JsonProperty("unprocessed")
    UNPROCESSED,
    @JsonProperty("processed")
    PROCESSED,
    @JsonProperty("ignored")
    IGNORED,
    @JsonProperty("failed")
    FAILED
  }

  static DependencyView of(Dependency child) {
    boolean processed = child.state() == DependencyState.PROCESSED;
    return new DependencyView(
        QueueName.shown(child.job().queue()),
        child.job().id(),
        State.valueOf(child.state().name()),
        processed ? child.value().map(JobView::json).orElse(null) : null,
        processed ? null : child.value().map(QueueName::shownIn).orElse(null));
  }
}
