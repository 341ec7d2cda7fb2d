package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.Setting;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Map;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The servlet container keeps nothing about a caller: no session, and no cookie of one. */
@Tag("once") // HTTP alone
class ServletSessionTest {
  private static final String UPGRADE =
      """
      Connection: Upgrade
      Upgrade: websocket
      Sec-WebSocket-Version: 13
      Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
      """
          .replace("\n", "\r\n");

  @TempDir static Path directory;
  private static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, Map.of(Setting.ROLES, "web"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @CsvSource({
    // path, upgrade, credential, status
    "/ws, true, none, 401",
    "/ws, true, wrong, 401",
    "/ws, true, key, 101",
    "/ws, true, cookie, 401",
    "/ws, false, none, 404",
    "/ws/x, true, none, 404",
    "/api/me, true, none, 404",
    "/api/me, false, key, 200",
    "/api/me, false, none, 401",
    "/, true, none, 404",
    "/, false, cookie, 200",
    "/health/live, false, none, 200",
    "/nothing/here, false, none, 404"
  })
  void noAnswerHasASessionOfTheContainer(
      String path, boolean upgrade, String credential, int status) throws Exception {
    String authorization =
        switch (credential) {
          case "wrong" -> "Authorization: Bearer ms_wrong\r\n";
          case "key" -> "Authorization: Bearer " + server.key() + "\r\n";
          case "cookie" -> "Cookie: JSESSIONID=node01abc; mainstay_session=wrong\r\n";
          default -> "";
        };
    for (int i = 0; i < 5; i++) {
      try (RawHttp http = new RawHttp(server.mainstay().url())) {
        http.send(
            "GET "
                + path
                + " HTTP/1.1\r\nHost: localhost\r\n"
                + authorization
                + (upgrade ? UPGRADE : "")
                + "\r\n");
        RawHttp.Received answer = http.head();
        assertThat(answer.status()).as(answer.head()).isEqualTo(status);
        assertThat(answer.head()).doesNotContainIgnoringCase("JSESSIONID");
        assertThat(answer.header("Set-Cookie")).isEmpty();
      }
    }
    assertThat(classes()).doesNotContain("org.eclipse.jetty.session.ManagedSession");
  }

  /** The classes of which there are objects. */
  private static String classes() throws Exception {
    return (String)
        ManagementFactory.getPlatformMBeanServer()
            .invoke(
                new ObjectName("com.sun.management:type=DiagnosticCommand"),
                "gcClassHistogram",
                new Object[] {new String[] {"-all"}},
                new String[] {String[].class.getName()});
  }
}
