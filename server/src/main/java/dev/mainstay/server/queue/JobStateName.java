package dev.mainstay.server.queue;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mainstay.queue.JobState;
import dev.mainstay.server.platform.ProblemException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** The states of a job as they are called on the wire, those first that people look for first. */
public enum JobStateName {
  @JsonProperty("active")
  ACTIVE,
  @JsonProperty("waiting")
  WAITING,
  @JsonProperty("waiting-children")
  WAITING_CHILDREN,
  @JsonProperty("delayed")
  DELAYED,
  @JsonProperty("failed")
  FAILED,
  @JsonProperty("completed")
  COMPLETED;

  /** The first, from which {@link #next} leads to all others. */
  static JobStateName first() {
    return ACTIVE;
  }

  Optional<JobStateName> next() {
    return switch (this) {
      case ACTIVE -> Optional.of(WAITING);
      case WAITING -> Optional.of(WAITING_CHILDREN);
      case WAITING_CHILDREN -> Optional.of(DELAYED);
      case DELAYED -> Optional.of(FAILED);
      case FAILED -> Optional.of(COMPLETED);
      case COMPLETED -> Optional.empty();
    };
  }

  public JobState state() {
    return JobState.valueOf(name());
  }

  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  public static JobStateName of(JobState state) {
    return valueOf(state.name());
  }

  public static Optional<JobStateName> find(String word) {
    return Arrays.stream(values()).filter(state -> state.word().equals(word)).findFirst();
  }

  /**
   * @throws ProblemException 400 naming the field
   */
  static JobStateName parse(String field, String word) {
    return find(word)
        .orElseThrow(
            () ->
                ProblemException.badRequest(
                    field,
                    "must be one of "
                        + Arrays.stream(values())
                            .map(JobStateName::word)
                            .collect(Collectors.joining(", "))));
  }
}
