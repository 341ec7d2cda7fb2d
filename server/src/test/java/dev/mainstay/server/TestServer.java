package dev.mainstay.server;

import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.Settings;
import dev.mainstay.server.platform.TestDatabases;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A real server in this process, on a directory of its own and a free port. */
final class TestServer implements AutoCloseable {
  private final Mainstay mainstay;
  private final Path data;
  private final String key;

  private TestServer(Mainstay mainstay, Path data) {
    this.mainstay = mainstay;
    this.data = data;
    this.key = mainstay.identity().createOwnerKey("test", List.of()).key();
    SeenSecrets.of(mainstay.url()).add(key);
  }

  static TestServer start(Path directory) throws InterruptedException {
    return start(directory, Map.of());
  }

  static TestServer start(Path directory, Map<Setting, String> settings)
      throws InterruptedException {
    Map<String, String> values = new HashMap<>();
    Path data = directory.resolve("data");
    values.putAll(TestDatabases.settings(data));
    values.put(Setting.DATA.variable(), data.toString());
    values.put(Setting.PORT.variable(), "0");
    values.put(Setting.DRAIN_TIMEOUT.variable(), "0s");
    settings.forEach((setting, value) -> values.put(setting.variable(), value));
    return new TestServer(Mainstay.start(Settings.ofOnly(values)), data);
  }

  Mainstay mainstay() {
    return mainstay;
  }

  /** A key with every scope. */
  String key() {
    return key;
  }

  TestClient client() {
    return new TestClient(mainstay.url(), key);
  }

  /** With a key that may do nothing but run the instance. */
  TestClient adminClient() {
    return new TestClient(mainstay.url(), adminKey());
  }

  String adminKey() {
    return mainstay.identity().createOwnerKey("admin", List.of("instance:admin")).key();
  }

  /** Ends the server; what passed by that is secret must not be in what it leaves. */
  @Override
  public void close() {
    URI url = mainstay.url();
    mainstay.close();
    SeenSecrets.of(url).assertNotIn(data);
  }
}
