package dev.mainstay.server.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Digits;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The body of {@code POST /api/tasks}.
 *
 * @param repoUrl https:// to a public address; other forms as the operator allows
 * @param agent the agent definition; {@code default} is the only one so far
 * @param branch where to push; {@code mainstay/<short id>} if absent
 * @param metadata kept and shown as it is, at most 16 KiB of JSON
 */
record CreateTask(
    @NotBlank @Size(max = 2000) String repoUrl,
    @NotBlank @Size(max = 100_000) String prompt,
    @Nullable @Size(min = 1, max = 100) String agent,
    @Nullable @Size(min = 1, max = 200) String model,
    @Nullable TaskPriority priority,
    @Nullable @Size(min = 1, max = 200) String baseBranch,
    @Nullable @Size(min = 1, max = 200) String branch,
    @Nullable Push push,
    @Nullable Review review,
    @Nullable @Valid Limits limits,
    @Nullable Instant notBefore,
    @Nullable Map<@Size(max = 100) String, JsonNode> metadata) {

  /** Urgency; P0 runs first. */
  enum TaskPriority {
    P0,
    P1,
    P2,
    P3
  }

  /** What happens to the commit. */
  enum Push {
    @JsonProperty("branch")
    BRANCH,
    @JsonProperty("none")
    NONE
  }

  /** When a person must agree. */
  enum Review {
    @JsonProperty("none")
    NONE,
    @JsonProperty("before-push")
    BEFORE_PUSH
  }

  /** What the run may spend; absent means no limit. */
  record Limits(
      @Nullable @Min(1) @Max(10_000) Integer maxTurns,
      @Nullable @Min(1) @Max(10_000_000_000L) Long maxTokens,
      @Nullable @DecimalMin("0.000001") @DecimalMax("1000000") @Digits(integer = 7, fraction = 6)
          BigDecimal maxCostUsd,
      @Nullable @Min(1) @Max(2_592_000) Long maxDurationSeconds) {}
}
