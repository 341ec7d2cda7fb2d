package dev.mainstay.agent;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;

/**
 * Says when a run may not make another model call. A limit is what may be spent, so it is reached,
 * not passed, by equality; the call that reaches it may overshoot tokens and money, by itself only.
 */
record Budget(RunLimits limits, RunLog log, Deadline deadline) {

  Optional<RunOutcome.Failed> exceeded() {
    return exceeded(log.turns(), log.usage(), log.costUsd());
  }

  /** As it will be once the log holds this answer. */
  Optional<RunOutcome.Failed> exceededWith(Journal.ModelCall answer) {
    BigDecimal cost = Optional.ofNullable(answer.costUsd()).orElse(BigDecimal.ZERO);
    return exceeded(log.turns() + 1, log.usage().plus(answer.usage()), log.costUsd().add(cost));
  }

  private Optional<RunOutcome.Failed> exceeded(int turns, Usage usage, BigDecimal costUsd) {
    if (deadline.passed()) {
      return Optional.of(durationExceeded());
    }
    if (limits.maxTurns().isPresent() && turns >= limits.maxTurns().getAsInt()) {
      return failed(
          "max_turns",
          "The run took %d turns; its limit is %d.".formatted(turns, limits.maxTurns().getAsInt()));
    }
    if (limits.maxTokens().isPresent() && usage.total() >= limits.maxTokens().getAsLong()) {
      return failed(
          "max_tokens",
          "The run used %d tokens; its limit is %d."
              .formatted(usage.total(), limits.maxTokens().getAsLong()));
    }
    Optional<BigDecimal> money = limits.maxCostUsd();
    if (money.isPresent() && costUsd.compareTo(money.get()) >= 0) {
      return failed(
          "max_cost",
          "The run cost $%s; its limit is $%s."
              .formatted(
                  costUsd.stripTrailingZeros().toPlainString(), money.get().toPlainString()));
    }
    return Optional.empty();
  }

  RunOutcome.Failed durationExceeded() {
    return new RunOutcome.Failed(
        "max_duration",
        "The run took %s; its limit is %s."
            .formatted(words(deadline.elapsed()), words(deadline.limit().orElse(Duration.ZERO))));
  }

  private static Optional<RunOutcome.Failed> failed(String code, String message) {
    return Optional.of(new RunOutcome.Failed(code, message));
  }

  private static String words(Duration duration) {
    long hours = duration.toHours();
    long minutes = duration.toMinutesPart();
    StringBuilder text = new StringBuilder();
    if (hours > 0) {
      text.append(hours).append(" h ");
    }
    if (hours > 0 || minutes > 0) {
      text.append(minutes).append(" min ");
    }
    return text.append(duration.toSecondsPart()).append(" s").toString();
  }
}
