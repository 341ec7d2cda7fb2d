package dev.mainstay.server.task;

import dev.mainstay.agent.git.RepositoryPolicy;
import dev.mainstay.agent.sandbox.SandboxLimits;
import dev.mainstay.agent.sandbox.SandboxMode;
import dev.mainstay.server.platform.Secret;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.Settings;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** How agents run here. */
public record AgentConfig(
    String model,
    Optional<Secret> anthropicApiKey,
    String anthropicBaseUrl,
    Duration modelIdleTimeout,
    Optional<Integer> contextTokens,
    Optional<Path> script,
    int slots,
    SandboxMode sandbox,
    SandboxLimits sandboxLimits,
    RepositoryPolicy repositories,
    Optional<Secret> githubToken,
    Optional<Path> gitCredentials,
    String gitName,
    String gitEmail,
    long maxCheckoutBytes,
    Duration workspaceRetention) {

  private static final long MIB = 1024L * 1024;

  public static AgentConfig from(Settings settings) {
    return new AgentConfig(
        settings.parse(Setting.MODEL, AgentConfig::oneLine),
        settings.secret(Setting.ANTHROPIC_API_KEY),
        settings.parse(Setting.ANTHROPIC_BASE_URL, AgentConfig::webUrl),
        settings.duration(Setting.MODEL_IDLE_TIMEOUT),
        settings
            .text(Setting.CONTEXT_TOKENS)
            .map(text -> settings.number(Setting.CONTEXT_TOKENS, 10_000, 10_000_000)),
        settings.optional(Setting.SCRIPT, AgentConfig::file),
        settings.number(Setting.AGENT_SLOTS, 1, 1000),
        settings.choice(Setting.SANDBOX, SandboxMode.class),
        limits(settings),
        new RepositoryPolicy(hosts(settings), directories(settings)),
        settings.secret(Setting.GITHUB_TOKEN),
        settings.optional(Setting.GIT_CREDENTIALS, AgentConfig::file),
        settings.parse(Setting.GIT_NAME, AgentConfig::oneLine),
        settings.parse(Setting.GIT_EMAIL, AgentConfig::oneLine),
        settings.number(Setting.MAX_CHECKOUT, 1, 1024 * 1024) * MIB,
        settings.duration(Setting.WORKSPACE_RETENTION));
  }

  private static SandboxLimits limits(Settings settings) {
    SandboxLimits standard = SandboxLimits.defaults();
    return new SandboxLimits(
        settings.number(Setting.SANDBOX_MEMORY, 64, 1024 * 1024) * MIB,
        standard.cpuTime(),
        settings.number(Setting.SANDBOX_PROCESSES, 16, 65_536),
        standard.fileBytes(),
        standard.openFiles(),
        standard.temporaryBytes(),
        standard.outputChars(),
        standard.reservedDiskBytes());
  }

  private static Set<String> hosts(Settings settings) {
    return settings.list(Setting.ALLOWED_HOSTS).stream()
        .map(host -> host.toLowerCase(Locale.ROOT))
        .collect(Collectors.toUnmodifiableSet());
  }

  private static List<Path> directories(Settings settings) {
    return settings.list(Setting.LOCAL_REPOS).stream()
        .map(text -> settings.parse(Setting.LOCAL_REPOS, all -> directory(text)))
        .toList();
  }

  private static Path directory(String text) {
    Path path = Path.of(text);
    if (!path.isAbsolute() || !Files.isDirectory(path)) {
      throw new IllegalArgumentException(text);
    }
    return path;
  }

  private static Path file(String text) {
    Path path = Path.of(text).toAbsolutePath();
    if (!Files.isReadable(path)) {
      throw new IllegalArgumentException(text);
    }
    return path;
  }

  private static String oneLine(String text) {
    if (text.length() > 200 || text.chars().anyMatch(c -> c < ' ')) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static String webUrl(String text) {
    URI uri = URI.create(text);
    if (!("http".equals(uri.getScheme()) || "https".equals(uri.getScheme()))
        || uri.getHost() == null) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }
}
