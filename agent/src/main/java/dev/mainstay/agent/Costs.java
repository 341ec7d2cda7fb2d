package dev.mainstay.agent;

import dev.mainstay.agent.model.ModelClient;
import dev.mainstay.agent.model.Prices;
import java.math.BigDecimal;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the calls of one run cost. A scripted model's calls cost nothing, whatever its name. */
record Costs(Prices prices, ModelClient client, InstantSource clock) {

  boolean known(String model) {
    return client.scripted() || prices.known(model, clock.instant());
  }

  /**
   * Priced as the model that answered; if it names itself unknown, as the one that was asked for.
   */
  @Nullable BigDecimal of(String asked, String answered, Usage usage) {
    if (client.scripted()) {
      return BigDecimal.ZERO;
    }
    Optional<BigDecimal> cost = prices.cost(answered, usage, clock.instant());
    return cost.or(() -> prices.cost(asked, usage, clock.instant())).orElse(null);
  }
}
