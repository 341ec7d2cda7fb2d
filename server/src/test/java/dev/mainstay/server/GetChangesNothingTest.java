package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.TestDatabases;
import dev.mainstay.server.platform.http.Endpoint;
import java.net.URI;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * GET is safe (RFC 9110, 9.2.1): scanners of mail, previews and crawlers open whatever they find.
 * Every endpoint is asked, and every link that was mailed is opened, while all tables are compared.
 */
@Timeout(300)
class GetChangesNothingTest {
  /** What may be written by any request, and why. */
  private static final Map<String, Set<String>> EXCEPTIONS =
      Map.of(
          // When a key was used last, and how often it may be still.
          "api_keys",
          Set.of("last_used_at", "last_request_at", "request_count", "remaining", "updated_at"),
          // A session lives on while it is used.
          "sessions",
          Set.of("expires_at", "updated_at"),
          // /health/ready writes to know whether a write succeeds.
          "write_probes",
          Set.of("*"),
          // Better Auth's clients ask for a passkey's options by GET, which makes a challenge.
          "passkey_challenges",
          Set.of("*"));

  private static final Pattern LINK = Pattern.compile("https?://\\S+");

  @TempDir static Path directory;
  private static TestServer server;
  private static Database database;
  private static Mailbox mails;
  private static Person person;
  private static final Map<String, String> IDS = new HashMap<>();

  @BeforeAll
  static void start() throws Exception {
    Map<Setting, String> settings = new HashMap<>(TestPeople.SETTINGS);
    settings.put(Setting.MODEL, "scripted");
    settings.put(Setting.LOCAL_REPOS, directory.toString());
    server = TestServer.start(directory, settings);
    database = TestDatabases.open(directory.resolve("data"));
    mails = new Mailbox(server);
    person = Person.signedUp(server, mails, "ada");
    TestRepository repository =
        TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    IDS.put("task", new TestTasks(server.client()).create(repository.url(), "Wait"));
    IDS.put(
        "job",
        server
            .client()
            .post("/api/queues/mail/jobs", "{\"name\": \"a\"}")
            .json()
            .path("id")
            .asText());
  }

  @AfterAll
  static void stop() {
    database.close();
    server.close();
  }

  /** The rows of each table, without what {@link #EXCEPTIONS} names. */
  private static Map<String, Set<String>> rows() {
    List<String> tables =
        database.read(
            sql ->
                sql.fetch(
                        TestDatabases.POSTGRES
                            ? "select tablename from pg_tables where schemaname = current_schema()"
                            : "select name from sqlite_master where type = 'table'")
                    .getValues(0, String.class));
    Map<String, Set<String>> all = new TreeMap<>();
    for (String table : tables) {
      Set<String> ignored = EXCEPTIONS.getOrDefault(table, Set.of());
      if (ignored.contains("*")) {
        continue;
      }
      Set<String> rows = new TreeSet<>();
      database
          .read(sql -> sql.fetch("select * from \"" + table + "\""))
          .forEach(
              row -> {
                Map<String, Object> fields = new LinkedHashMap<>(row.intoMap());
                fields.keySet().removeAll(ignored);
                fields.replaceAll(
                    (name, value) ->
                        value instanceof byte[] bytes ? Arrays.toString(bytes) : value);
                rows.add(fields.toString());
              });
      all.put(table, rows);
    }
    return all;
  }

  /** What is still written of what was asked for before, such as that a mail is on its way. */
  private static Map<String, Set<String>> settled() {
    Map<String, Set<String>> before = rows();
    for (int i = 0; i < 100; i++) {
      java.util.concurrent.locks.LockSupport.parkNanos(100_000_000);
      Map<String, Set<String>> now = rows();
      if (now.equals(before)) {
        return now;
      }
      before = now;
    }
    throw new AssertionError("the tables do not come to rest");
  }

  @FunctionalInterface
  private interface Get {
    TestClient.Answer get(String path) throws Exception;
  }

  private static String path(Endpoint<?> endpoint) {
    String path =
        endpoint
            .path()
            .replace("/api/tasks/{id}", "/api/tasks/" + IDS.get("task"))
            .replace("{queue}", "mail")
            .replace("/jobs/{id}", "/jobs/" + IDS.get("job"));
    return path.replaceAll("\\{[^}]*}", "x");
  }

  @Test
  void noEndpointWrites() throws Exception {
    List<String> paths =
        server.mainstay().endpoints().stream()
            .filter(endpoint -> endpoint.method() == Endpoint.Method.GET)
            .map(GetChangesNothingTest::path)
            .distinct()
            .toList();
    assertThat(paths).hasSizeGreaterThan(60);
    // A key is made, before anything is compared.
    Map<String, Get> callers = new TreeMap<>();
    String admin = server.adminKey();
    callers.put("owner's key", path -> server.client().get(path));
    callers.put("admin's key", path -> new TestClient(server.mainstay().url(), admin).get(path));
    callers.put("session", path -> person.get(path));
    callers.put("nobody", path -> new TestClient(server.mainstay().url(), "").get(path));
    Map<String, Set<String>> before = settled();
    for (String path : paths) {
      for (Map.Entry<String, Get> caller : callers.entrySet()) {
        TestClient.Answer answer = caller.getValue().get(path);
        assertThat(answer.status()).as(path + " by " + caller.getKey()).isLessThan(500);
      }
      assertThat(rows()).as(path).isEqualTo(before);
    }
  }

  @Test
  void noMailedLinkWrites() throws Exception {
    Person other = Person.signedUp(server, mails, "bob");
    Person fresh = new Person(server.mainstay().url(), "carol");
    fresh.signUp();
    person.auth("sign-in/magic-link", Map.of("email", person.email(), "callbackURL", "/tasks"));
    person.auth("request-password-reset", Map.of("email", person.email()));
    person.auth(
        "request-password-reset", Map.of("email", person.email(), "redirectTo", "/reset?a=b"));
    person.auth("change-email", Map.of("newEmail", "ada-new@example.com"));
    person.auth("delete-user", Map.of("callbackURL", "/"));
    JsonNode organization =
        person.auth("organization/create", Map.of("name", "Works", "slug", "works-of-ada")).json();
    TestClient.Answer invited =
        person.auth(
            "organization/invite-member",
            Map.of(
                "email", other.email(),
                "role", "member",
                "organizationId", organization.path("id").asText()));
    assertThat(invited.status()).as(invited.body()).isEqualTo(200);
    Set<String> kinds = new TreeSet<>();
    Set<String> links = new TreeSet<>();
    String admin = server.adminKey();
    TestClient administrator = new TestClient(server.mainstay().url(), admin);
    for (JsonNode mail : administrator.get("/api/admin/mails?limit=200").json().path("items")) {
      kinds.add(mail.path("kind").asText());
      Matcher found =
          LINK.matcher(
              administrator
                  .get("/api/admin/mails/" + mail.path("id").asText())
                  .json()
                  .path("text")
                  .asText());
      while (found.find()) {
        links.add(found.group());
      }
    }
    assertThat(kinds)
        .contains("verify-email", "magic-link", "reset-password", "invitation", "delete-account");
    Map<String, Set<String>> before = settled();
    for (String link : links) {
      URI uri = URI.create(link);
      String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
      // Browsers keep what stands behind the # to themselves.
      String path = uri.getRawPath() + query;
      for (Get caller :
          List.<Get>of(
              person::get,
              other::get,
              asked -> new TestClient(server.mainstay().url(), "").get(asked))) {
        assertThat(caller.get(path).status()).as(path).isLessThan(500);
      }
      assertThat(rows()).as(path).isEqualTo(before);
    }
  }
}
