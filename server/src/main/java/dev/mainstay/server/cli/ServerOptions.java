package dev.mainstay.server.cli;

import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.Settings;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options that go before the environment. */
final class ServerOptions {

  @Option(names = "--port", paramLabel = "N", description = "Port to listen on (MAINSTAY_PORT)")
  private @Nullable String port;

  @Option(
      names = "--host",
      paramLabel = "ADDRESS",
      description = "Address to listen on (MAINSTAY_HOST)")
  private @Nullable String host;

  @Option(names = "--data", paramLabel = "DIR", description = "Data directory (MAINSTAY_DATA)")
  private @Nullable String data;

  Settings settings(Map<Setting, String> more) {
    Map<String, String> overrides = new HashMap<>();
    more.forEach((setting, value) -> overrides.put(setting.variable(), value));
    put(overrides, Setting.PORT, port);
    put(overrides, Setting.HOST, host);
    put(overrides, Setting.DATA, data);
    return Settings.of(overrides);
  }

  private static void put(Map<String, String> overrides, Setting setting, @Nullable String value) {
    if (value != null) {
      overrides.put(setting.variable(), value);
    }
  }
}
