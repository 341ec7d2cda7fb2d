package dev.mainstay.server.platform;

import dev.mainstay.server.platform.http.StreamLimits;
import dev.mainstay.server.platform.http.TrustedProxies;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** What the process as a whole needs to know. */
public record ServerConfig(
    Path data,
    String host,
    int port,
    Optional<URI> publicUrl,
    List<String> trustedOrigins,
    TrustedProxies trustedProxies,
    StreamLimits streams,
    Duration requestTimeout,
    Set<Role> roles,
    SqliteDatabase.Durability durability,
    Optional<PostgresConfig> postgres,
    Optional<Secret> secretKey,
    QueueEngine queue,
    Optional<Secret> redisUrl,
    String redisPrefix,
    Optional<String> queueOrganization,
    Optional<String> nodeId,
    Duration lease,
    Duration eventRetention,
    Optional<Duration> taskRetention,
    Duration auditRetention,
    Duration drainTimeout) {

  private static final Pattern APP_SCHEME = Pattern.compile("[a-z][a-z0-9+.-]{1,40}://");

  /** Schemes that no app has for itself, or that browsers run or read files by. */
  private static final Set<String> NO_APPS =
      Set.of(
          "http://",
          "https://",
          "ws://",
          "wss://",
          "ftp://",
          "file://",
          "javascript://",
          "vbscript://",
          "data://",
          "blob://",
          "about://",
          "chrome://",
          "view-source://");

  /** What a process does. */
  public enum Role {
    WEB,
    WORKER
  }

  public static ServerConfig from(Settings settings) {
    return new ServerConfig(
        settings.parse(Setting.DATA, Path::of).toAbsolutePath().normalize(),
        settings.parse(Setting.HOST, text -> text),
        settings.number(Setting.PORT, 0, 65535),
        settings.optional(Setting.PUBLIC_URL, ServerConfig::origin),
        trustedOrigins(settings),
        proxies(settings),
        StreamLimits.from(settings),
        settings.parse(Setting.REQUEST_TIMEOUT, ServerConfig::requestTimeout),
        settings.parse(Setting.ROLES, text -> roles(settings)),
        settings.choice(Setting.DURABILITY, SqliteDatabase.Durability.class),
        postgres(settings),
        secretKey(settings),
        QueueChoice.of(settings),
        settings.secret(Setting.REDIS_URL),
        settings.parse(Setting.REDIS_PREFIX, ServerConfig::redisPrefix),
        settings.optional(Setting.QUEUE_ORGANIZATION, String::strip),
        settings.optional(Setting.NODE_ID, ServerConfig::nodeId),
        settings.parse(Setting.LEASE, ServerConfig::lease),
        settings.duration(Setting.EVENT_RETENTION),
        settings.optional(Setting.TASK_RETENTION, Settings::parseDuration),
        settings.duration(Setting.AUDIT_RETENTION),
        settings.duration(Setting.DRAIN_TIMEOUT));
  }

  /**
   * Where people find the server.
   *
   * @param listening the port on which it listens, or will
   */
  public URI url(int listening) {
    return publicUrl.orElseGet(() -> URI.create("http://localhost:" + listening));
  }

  private static Optional<PostgresConfig> postgres(Settings settings) {
    return settings
        .text(Setting.DATABASE_URL)
        .map(
            url ->
                new PostgresConfig(
                    PostgresConfig.parse(url),
                    settings.number(Setting.DATABASE_CONNECTIONS, 4, 1000),
                    settings.duration(Setting.DATABASE_WAIT)));
  }

  /** Says what is wrong without repeating the value. */
  private static Optional<Secret> secretKey(Settings settings) {
    Optional<Secret> secret = settings.secret(Setting.SECRET_KEY);
    try {
      secret.map(Secret::reveal).ifPresent(MasterKey::parse);
      return secret;
    } catch (MasterKey.SyntaxException e) {
      throw new SettingException(
          "%s is not usable, because %s; it must be %s"
              .formatted(
                  Setting.SECRET_KEY.variable(), e.getMessage(), Setting.SECRET_KEY.allowed()));
    }
  }

  private static String nodeId(String text) {
    if (!NodeId.isValid(text)) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static String redisPrefix(String text) {
    if (!text.matches("[!-~&&[^:*?]]{1,100}")) {
      throw new IllegalArgumentException(text);
    }
    return text;
  }

  private static Duration lease(String text) {
    Duration lease = Settings.parseDuration(text);
    if (lease.compareTo(Duration.ofSeconds(1)) < 0 || lease.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(text);
    }
    return lease;
  }

  private static Duration requestTimeout(String text) {
    Duration timeout = Settings.parseDuration(text);
    if (timeout.compareTo(Duration.ofMillis(100)) < 0
        || timeout.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(text);
    }
    return timeout;
  }

  private static Set<Role> roles(Settings settings) {
    EnumSet<Role> roles = EnumSet.noneOf(Role.class);
    settings
        .list(Setting.ROLES)
        .forEach(name -> roles.add(Role.valueOf(name.toUpperCase(Locale.ROOT))));
    return roles;
  }

  private static List<String> trustedOrigins(Settings settings) {
    return settings
        .optional(
            Setting.TRUSTED_ORIGINS,
            text ->
                settings.list(Setting.TRUSTED_ORIGINS).stream()
                    .map(one -> isAppScheme(one) ? one : origin(one).toString())
                    .toList())
        .orElse(List.of());
  }

  private static TrustedProxies proxies(Settings settings) {
    return settings.list(Setting.TRUSTED_PROXIES).isEmpty()
        ? new TrustedProxies(List.of())
        : settings.parse(
            Setting.TRUSTED_PROXIES,
            text -> new TrustedProxies(settings.list(Setting.TRUSTED_PROXIES)));
  }

  /** Of a mobile app: {@code myapp://}. */
  private static boolean isAppScheme(String text) {
    return APP_SCHEME.matcher(text).matches() && !NO_APPS.contains(text);
  }

  private static URI origin(String text) {
    URI uri = URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || uri.getHost() == null || !uri.getPath().isEmpty()) {
      throw new IllegalArgumentException(text);
    }
    return uri;
  }
}
