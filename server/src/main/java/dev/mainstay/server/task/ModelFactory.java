package dev.mainstay.server.task;

import dev.mainstay.agent.LoopSettings;
import dev.mainstay.agent.model.AnthropicModel;
import dev.mainstay.agent.model.AnthropicSettings;
import dev.mainstay.agent.model.Prices;
import dev.mainstay.agent.model.ScriptedModel;
import dev.mainstay.agent.model.Thinking;
import dev.mainstay.server.platform.SettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/** Makes the configured model. */
public final class ModelFactory {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(15);
  private static final Duration CALL_TIMEOUT = Duration.ofMinutes(30);
  private static final String MISSING =
      "No model is configured: set ANTHROPIC_API_KEY (and ANTHROPIC_BASE_URL for a gateway), or "
          + "MAINSTAY_MODEL=scripted for the built-in scripted model";

  private ModelFactory() {}

  public static Models create(AgentConfig config, Prices prices, InstantSource clock) {
    if (config.model().equals(ScriptedModel.NAME)) {
      return new Models(Optional.of(scripted(config)), ScriptedModel.NAME, MISSING, model -> true);
    }
    return new Models(
        config.anthropicApiKey().map(key -> anthropic(config, key.reveal())),
        config.model(),
        MISSING,
        model -> prices.known(model, clock.instant()));
  }

  private static ScriptedModel scripted(AgentConfig config) {
    if (config.script().isEmpty()) {
      return ScriptedModel.demo(1);
    }
    try {
      return ScriptedModel.parse(Files.readString(config.script().get()), 1);
    } catch (IOException | IllegalArgumentException e) {
      throw new SettingException("MAINSTAY_SCRIPT is no scenario: " + e.getMessage());
    }
  }

  private static AnthropicModel anthropic(AgentConfig config, String key) {
    try {
      return new AnthropicModel(
          new AnthropicSettings(
              key,
              Optional.of(config.anthropicBaseUrl()),
              CONNECT_TIMEOUT,
              config.modelIdleTimeout(),
              CALL_TIMEOUT,
              new Thinking.ModelDefault()));
    } catch (IllegalArgumentException e) {
      throw new SettingException("ANTHROPIC_API_KEY is not valid: " + e.getMessage());
    }
  }

  /** How the loop behaves with this configuration. */
  public static LoopSettings loop(AgentConfig config) {
    LoopSettings standard = LoopSettings.DEFAULT;
    LoopSettings.Compaction compaction = standard.compaction();
    return config
        .contextTokens()
        .map(
            tokens ->
                new LoopSettings(
                    standard.maxOutputTokens(),
                    standard.parallelTools(),
                    standard.retry(),
                    new LoopSettings.Compaction(compaction.share(), Map.of(), tokens)))
        .orElse(standard);
  }
}
