package dev.mainstay.agent;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** What one run may spend; an absent limit is no limit. */
public record RunLimits(
    OptionalInt maxTurns,
    OptionalLong maxTokens,
    Optional<BigDecimal> maxCostUsd,
    Optional<Duration> maxDuration) {

  public static final RunLimits NONE =
      new RunLimits(OptionalInt.empty(), OptionalLong.empty(), Optional.empty(), Optional.empty());
}
