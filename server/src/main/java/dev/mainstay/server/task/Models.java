package dev.mainstay.server.task;

import dev.mainstay.agent.model.ModelClient;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The models that tasks may use.
 *
 * @param client empty if none is configured
 * @param defaultModel for tasks that name none
 * @param missing what the operator must set if there is no client
 * @param priced whether the model has a known price
 */
public record Models(
    Optional<ModelClient> client, String defaultModel, String missing, Predicate<String> priced) {

  boolean scripted() {
    return client.map(ModelClient::scripted).orElse(false);
  }
}
