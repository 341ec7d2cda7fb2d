package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.Setting;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The studio's files as the server hands them out. */
@Tag("once") // files, whatever the database is
class StudioFilesTest {
  private static final HttpClient http = HttpClient.newHttpClient();

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

  private static HttpResponse<String> get(String path) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(server.mainstay().url().resolve(path)).build();
    return http.send(request, BodyHandlers.ofString());
  }

  private static String header(HttpResponse<?> response, String name) {
    return response.headers().firstValue(name).orElse("");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/sign-in",
        "/sign-in/reset",
        "/sign-up",
        "/admin/mails",
        "/tasks",
        "/tasks/new",
        "/tasks/some-id",
        "/queues/mail/jobs/a:1",
        "/docs"
      })
  void everyPageLoadsTheStudioAndIsAskedForAnew(String path) throws Exception {
    HttpResponse<String> page = get(path);
    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.body()).contains("<div id=\"root\">");
    assertThat(header(page, "Content-Type")).startsWith("text/html");
    assertThat(header(page, "Cache-Control")).isEqualTo("no-cache");
    assertThat(header(page, "Content-Security-Policy")).contains("default-src 'self'");
  }

  @Test
  void aPictureIsShownInAFrameOfItsOwnPolicy() throws Exception {
    HttpResponse<String> frame = get("/picture.html");
    assertThat(frame.statusCode()).isEqualTo(200);
    assertThat(header(frame, "X-Frame-Options")).isEqualTo("SAMEORIGIN");
    assertThat(header(frame, "Content-Security-Policy"))
        .contains("default-src 'none'", "img-src https: http:", "frame-ancestors 'self'");
    assertThat(header(get("/picture.js"), "Content-Type")).startsWith("text/javascript");
    assertThat(header(get("/account"), "Content-Security-Policy")).contains("img-src 'self' data:");
  }

  @Test
  void whatThePageNamesIsThereAndStaysInCaches() throws Exception {
    Matcher names = Pattern.compile("\"(/assets/[^\"]+\\.(js|css))\"").matcher(get("/").body());
    int found = 0;
    while (names.find()) {
      HttpResponse<String> file = get(names.group(1));
      assertThat(file.statusCode()).as(names.group(1)).isEqualTo(200);
      assertThat(header(file, "Cache-Control")).contains("immutable");
      assertThat(header(file, "Content-Type"))
          .startsWith(names.group(2).equals("js") ? "text/javascript" : "text/css");
      found++;
    }
    assertThat(found).isGreaterThan(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/none.js",
        "/assets/",
        "/assets/..%2findex.html",
        "/assets/..%2f..%2fopenapi.json",
        "/assets/%2e%2e/index.html",
        "/assets/..%5cindex.html",
        "/assets/index",
        "/index.html/x",
        "/db/empty.sqlite"
      })
  void nothingElseOfTheClassPathIs(String path) throws Exception {
    HttpResponse<String> answer = get(path);
    assertThat(answer.statusCode()).isIn(400, 404);
    assertThat(answer.body()).doesNotContain("<div id=\"root\">", "\"openapi\":", "SQLite format");
  }
}
