package dev.mainstay.server;

import static dev.mainstay.server.TestPeople.ok;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.platform.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every endpoint below {@code /api/auth} of {@code openapi.json}: by somebody else, who knows the
 * ids of what belongs to one person and their organization, by a key, with a session that has
 * ended, and without a credential. Bodies and queries are made from the description, so that a new
 * endpoint is called too; a member of which the name ends in {@code Id} and that this test does not
 * know fails it.
 */
class AccountIsolationTest {
  private static final String CANARY = "account-canary-7c20";
  private static final String KNOWN = "known-7c20";

  /** Values for members of bodies and queries, by their names: ids are the victim's. */
  private static final Map<String, String> VALUES = new HashMap<>();

  /** What names nothing of somebody's. */
  private static final Set<String> OTHER_IDS = Set.of("configId");

  @TempDir static Path directory;
  private static TestServer server;
  private static TestPeople people;
  private static TestPeople.Person victim;
  private static List<Operation> operations = List.of();

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    people = new TestPeople(server, directory);
    operations = Operation.all().stream().filter(Operation::isOfAccounts).toList();
    victim = people.signUp(CANARY, KNOWN + "@example.com");
    fill();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Somebody with an organization and one of everything. */
  private static void fill() throws Exception {
    VALUES.put("userId", victim.id());
    VALUES.put("email", victim.email());
    VALUES.put("memberIdOrEmail", victim.email());
    VALUES.put("newEmail", victim.email());
    VALUES.put("domain", KNOWN + ".example.org");
    VALUES.put("organizationSlug", KNOWN);
    VALUES.put("slug", KNOWN);
    VALUES.put("role", "owner");
    VALUES.put("roleName", KNOWN);
    VALUES.put("code", "000000");
    VALUES.put("otp", "000000");
    VALUES.put("type", "sign-in");
    VALUES.put("mode", "auto-join");
    VALUES.put("mailbox", "admin");
    VALUES.put("password", "not the password");
    VALUES.put("currentPassword", "not the password");
    VALUES.put("newPassword", "another long password");
    VALUES.put("token", ok(victim.get("/api/auth/list-sessions")).get(0).path("token").asText());
    VALUES.put("sessionToken", value("token"));
    VALUES.put("accountId", ok(victim.get("/api/auth/list-accounts")).get(0).path("id").asText());
    JsonNode organization =
        ok(victim.organization("create", Json.object().put("name", CANARY).put("slug", KNOWN)));
    String id = organization.path("id").asText();
    VALUES.put("organizationId", id);
    VALUES.put("memberId", organization.path("members").get(0).path("id").asText());
    VALUES.put("teamId", id(victim.organization("create-team", Json.object().put("name", CANARY))));
    ok(
        victim.organization(
            "add-team-member",
            Json.object().put("teamId", value("teamId")).put("userId", victim.id())));
    ObjectNode role = Json.object().put("role", KNOWN);
    role.putObject("permission").putArray("task").add("read");
    VALUES.put("roleId", ok(victim.organization("create-role", role)).at("/roleData/id").asText());
    VALUES.put(
        "invitationId",
        id(
            victim.organization(
                "invite-member",
                Json.object().put("email", CANARY + "@example.net").put("role", "member"))));
    VALUES.put(
        "domainId",
        id(
            victim.organization(
                "add-domain",
                Json.object()
                    .put("domain", value("domain"))
                    .put("mode", "request")
                    .put("mailbox", "admin"))));
    people.execute(
        "update organization_domains set verified_at = 1 where organization_id = '" + id + "'");
    TestPeople.Person asking = people.signUp("asking", CANARY + "@" + value("domain"));
    VALUES.put(
        "requestId",
        id(asking.organization("request-membership", Json.object().put("organizationId", id))));
    VALUES.put(
        "keyId", id(victim.post("/api/auth/api-key/create", Json.object().put("name", CANARY))));
    VALUES.put("id", value("keyId"));
  }

  private static String value(String name) {
    return java.util.Objects.requireNonNull(VALUES.get(name));
  }

  private static String id(TestClient.Answer answer) {
    String id = ok(answer).path("id").asText();
    assertThat(id).as(answer.body()).isNotEmpty();
    return id;
  }

  /** All that the victim sees of their own. */
  private static String picture() throws Exception {
    StringBuilder all = new StringBuilder();
    for (String path :
        List.of(
            "get-session",
            "list-accounts",
            "api-key/list",
            "passkey/list-user-passkeys",
            "organization/list",
            "organization/get-full-organization",
            "organization/list-members",
            "organization/list-invitations",
            "organization/list-teams",
            "organization/list-team-members?teamId=" + value("teamId"),
            "organization/list-roles",
            "organization/list-domains",
            "organization/list-membership-requests")) {
      TestClient.Answer answer = victim.get("/api/auth/" + path);
      assertThat(answer.status()).as(path + answer.body()).isEqualTo(200);
      all.append(path).append(' ').append(answer.body()).append('\n');
    }
    return all.toString();
  }

  private static TestClient.Answer call(TestClient client, Operation operation, String... headers)
      throws Exception {
    String query =
        operation.query().stream()
            .map(one -> one.path("name").asText())
            .filter(VALUES::containsKey)
            .map(name -> name + "=" + URLEncoder.encode(value(name), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    String path =
        operation
            .path()
            .replace("{token}", value("token"))
            .replace("/callback/{id}", "/callback/github");
    HttpRequest.Builder request =
        client
            .request(query.isEmpty() ? path : path + "?" + query)
            .header("Content-Type", "application/json")
            .method(
                operation.method(),
                operation.method().equals("GET")
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body(operation.body()).toString()));
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request);
  }

  /** A body with all that must be in it, and with everything that can name what is the victim's. */
  private static ObjectNode body(JsonNode schema) {
    ObjectNode body = Json.object();
    Set<String> required =
        schema.path("required").valueStream().map(JsonNode::asText).collect(Collectors.toSet());
    schema
        .path("properties")
        .properties()
        .forEach(
            member -> {
              String name = member.getKey();
              if (VALUES.containsKey(name)) {
                body.put(name, value(name));
              } else if (required.contains(name)) {
                body.set(name, any(name, member.getValue()));
              }
            });
    return body;
  }

  private static JsonNode any(String name, JsonNode schema) {
    return switch (schema.path("type").asText()) {
      case "object" -> Json.object();
      case "array" -> list(name);
      case "boolean" -> Json.MAPPER.getNodeFactory().booleanNode(true);
      case "integer" -> Json.MAPPER.getNodeFactory().numberNode(1);
      case "string" -> Json.MAPPER.getNodeFactory().textNode("x");
      default -> Json.object();
    };
  }

  private static ArrayNode list(String name) {
    ArrayNode list = Json.MAPPER.createArrayNode();
    return name.equals("emails") ? list.add(value("email")) : list;
  }

  @Test
  void everyIdIsOneThatBelongsToTheVictim() {
    for (Operation operation : operations) {
      operation
          .body()
          .path("properties")
          .fieldNames()
          .forEachRemaining(
              name -> {
                if (name.endsWith("Id") && !OTHER_IDS.contains(name)) {
                  assertThat(VALUES).as(operation.name()).containsKey(name);
                }
              });
    }
  }

  @Test
  void somebodyElseSeesAndChangesNothing() throws Exception {
    String before = picture();
    assertThat(before.split(CANARY, -1).length).isGreaterThan(10);
    int strangers = 0;
    TestPeople.Person stranger = people.signUp("stranger");
    for (Operation operation : operations) {
      if (!isSignedIn(stranger)) { // the last call was for their own account
        stranger = people.signUp("stranger-" + ++strangers);
      }
      TestClient.Answer answer = call(stranger.http(), operation, "Cookie", stranger.cookie());
      assertThat(answer.body()).as(operation.name()).doesNotContain(CANARY);
      assertThat(answer.response().headers().toString())
          .as(operation.name())
          .doesNotContain(CANARY);
      assertThat(answer.status()).as(operation.name() + answer.body()).isLessThan(500);
      if (operation.scope().isPresent()) {
        assertThat(answer.status()).as(operation.name() + answer.body()).isEqualTo(403);
      }
    }
    assertThat(picture()).isEqualTo(before);
    assertThat(victim.get("/api/auth/list-sessions").json()).hasSize(1);
  }

  private static boolean isSignedIn(TestPeople.Person person) throws Exception {
    return person.get("/api/auth/get-session").json().has("user");
  }

  @Test
  void whoHasNoCredentialSeesNothing() throws Exception {
    TestClient nobody = new TestClient(server.mainstay().url(), "");
    for (Operation operation : operations) {
      TestClient.Answer answer = call(nobody, operation);
      assertThat(answer.body()).as(operation.name()).doesNotContain(CANARY);
      if (!operation.open()) {
        assertThat(answer.status()).as(operation.name() + answer.body()).isEqualTo(401);
      }
    }
  }

  @Test
  void whoseSessionHasEndedIsNobody() throws Exception {
    TestPeople.Person gone = people.signUp("gone");
    ok(gone.post("/api/auth/sign-out", Json.object()));
    for (Operation operation : operations) {
      if (!operation.open()) {
        assertThat(call(gone.http(), operation, "Cookie", gone.cookie()).status())
            .as(operation.name())
            .isEqualTo(401);
      }
    }
  }

  /** A program does not act for a person's account, whoever's key it has. */
  @Test
  void aKeyIsNoSession() throws Exception {
    URI url = server.mainstay().url();
    TestClient owner = new TestClient(url, server.key());
    for (Operation operation : operations) {
      if (!operation.open() && !operation.keys()) {
        assertThat(call(owner, operation).status()).as(operation.name()).isEqualTo(403);
      }
      if (operation.scope().isPresent()) {
        assertThat(call(owner, operation).status()).as(operation.name()).isEqualTo(403);
      }
    }
  }

  @Test
  void nobodyReachesAnAccountFromAnotherSite() throws Exception {
    for (Operation operation : operations) {
      if (!operation.method().equals("GET")) {
        TestClient.Answer answer =
            call(
                victim.http(),
                operation,
                "Cookie",
                victim.cookie(),
                "Origin",
                "https://evil.example");
        // A provider's form is for nobody: it is sent on, and comes back as a query.
        boolean form = operation.path().equals("/api/auth/callback/{id}");
        assertThat(answer.status())
            .as(operation.name() + answer.body())
            .isEqualTo(form ? 302 : 403);
      }
    }
  }
}
