package dev.mainstay.server.platform.http;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * From where somebody acts.
 *
 * @param userAgent what the browser calls itself
 */
public record Client(String ipAddress, String userAgent) {
  private static final int MAX_USER_AGENT = 300;

  /** Somebody on this machine, by a command. */
  public static final Client COMMAND = new Client("", "mainstay");

  public Client {
    userAgent = userAgent.substring(0, Math.min(userAgent.length(), MAX_USER_AGENT));
  }

  public static Client of(Call<?> call) {
    return new Client(call.remoteAddress(), call.header("User-Agent").orElse(""));
  }

  public static Client stored(@Nullable String ipAddress, @Nullable String userAgent) {
    return new Client(
        Objects.requireNonNullElse(ipAddress, ""), Objects.requireNonNullElse(userAgent, ""));
  }
}
