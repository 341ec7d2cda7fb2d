package dev.mainstay.server;

import static dev.mainstay.server.TestPeople.ok;
import static dev.mainstay.server.TestPeople.refused;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.TestPeople.Person;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Mail domains that organizations have proved, and who joins by them or asks to. */
class DomainsTest {
  @TempDir static Path directory;
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static TestServer server;
  private static TestPeople people;
  private static Person ada;
  private String organization = "";
  private String domain = "";

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    people = new TestPeople(server, directory);
    ada = people.signUp("ada");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void create() throws Exception {
    String slug = "domains-" + NUMBER.incrementAndGet();
    domain = slug + ".example.org";
    organization =
        ok(ada.organization("create", Json.object().put("name", slug).put("slug", slug)))
            .path("id")
            .asText();
  }

  private static ObjectNode added(String domain, String mode) {
    return Json.object().put("domain", domain).put("mode", mode);
  }

  private static JsonNode verify(Person person, String id) throws Exception {
    String code = Ids.secret();
    people.execute(
        "update organization_domains set code_hash = '%s' where id = '%s'"
            .formatted(Ids.hash(code), id));
    return ok(
        person.organization("verify-domain", Json.object().put("domainId", id).put("code", code)));
  }

  private JsonNode prove(String mode) throws Exception {
    return verify(ada, ok(ada.organization("add-domain", added(domain, mode))).path("id").asText());
  }

  private static List<String> organizations(Person person) throws Exception {
    return ok(person.organization("list")).findValuesAsText("id");
  }

  @Test
  void aDomainIsProvedByTheCode() throws Exception {
    JsonNode made =
        ok(
            ada.organization(
                "add-domain", added(domain.toUpperCase(java.util.Locale.ROOT), "invite")));
    String id = made.path("id").asText();
    assertThat(made.path("domain").asText()).isEqualTo(domain);
    assertThat(made.path("verified").asBoolean()).isFalse();
    refused(
        ada.organization("verify-domain", Json.object().put("domainId", id).put("code", "guess")),
        400,
        "INVALID_CODE");
    people.execute("update organization_domains set code_expires_at = 1 where id = '" + id + "'");
    String code = Ids.secret();
    people.execute(
        "update organization_domains set code_hash = '"
            + Ids.hash(code)
            + "' where id = '"
            + id
            + "'");
    refused(
        ada.organization("verify-domain", Json.object().put("domainId", id).put("code", code)),
        400,
        "INVALID_CODE");
    ok(ada.organization("add-domain", added(domain, "request").put("mailbox", "admin")));
    JsonNode verified = verify(ada, id);
    assertThat(verified.path("verified").asBoolean()).isTrue();
    assertThat(verified.path("mode").asText()).isEqualTo("request");
    assertThat(ok(ada.organization("list-domains"))).hasSize(1);
    ok(ada.organization("remove-domain", Json.object().put("domainId", id)));
    refused(
        ada.organization("remove-domain", Json.object().put("domainId", id)),
        400,
        "DOMAIN_NOT_FOUND");
  }

  @Test
  void domainsOfEverybodyAreRefused() throws Exception {
    for (String name : List.of("gmail.com", "GMX.de", "mail.yahoo.com")) {
      refused(ada.organization("add-domain", added(name, "auto-join")), 400, "DOMAIN_IS_NOT_YOURS");
    }
    for (String name : List.of("com", "a b.com", "x@example.com", "127.0.0.1", "-a.com")) {
      refused(ada.organization("add-domain", added(name, "invite")), 400, "VALIDATION_ERROR");
    }
    refused(ada.organization("add-domain", added(domain, "all")), 400, "VALIDATION_ERROR");
  }

  @Test
  void aDomainIsOneOrganizationsOwn() throws Exception {
    prove("invite");
    Person bob = people.signUp("bob");
    String slug = "domains-" + NUMBER.incrementAndGet();
    ok(bob.organization("create", Json.object().put("name", slug).put("slug", slug)));
    String id = ok(bob.organization("add-domain", added(domain, "auto-join"))).path("id").asText();
    String code = Ids.secret();
    people.execute(
        "update organization_domains set code_hash = '"
            + Ids.hash(code)
            + "' where id = '"
            + id
            + "'");
    refused(
        bob.organization("verify-domain", Json.object().put("domainId", id).put("code", code)),
        400,
        "DOMAIN_IS_TAKEN");
  }

  @Test
  void whoConfirmsAnAddressThereJoins() throws Exception {
    ok(ada.organization("add-domain", added(domain, "auto-join")));
    people.register("early", "early@" + domain);
    people.confirm("early@" + domain);
    assertThat(organizations(people.signIn("early@" + domain))).doesNotContain(organization);
    prove("auto-join");
    people.register("late", "late@" + domain);
    people.confirm("late@" + domain);
    Person late = people.signIn("late@" + domain);
    assertThat(organizations(late)).contains(organization);
    assertThat(
            ok(late.organization("get-active-member-role?organizationId=" + organization))
                .path("role")
                .asText())
        .isEqualTo("member");
    people.register("below", "below@sub." + domain);
    people.confirm("below@sub." + domain);
    assertThat(organizations(people.signIn("below@sub." + domain))).doesNotContain(organization);
  }

  @Test
  void whoConfirmsAnAddressThereAsksToJoin() throws Exception {
    prove("request");
    people.register("asks", "asks@" + domain);
    people.confirm("asks@" + domain);
    Person asks = people.signIn("asks@" + domain);
    assertThat(organizations(asks)).doesNotContain(organization);
    JsonNode waiting = ok(ada.organization("list-membership-requests"));
    assertThat(waiting).hasSize(1);
    assertThat(waiting.path(0).path("user").path("email").asText()).isEqualTo(asks.email());
    ObjectNode request = Json.object().put("requestId", waiting.path(0).path("id").asText());
    refused(
        asks.organization("accept-membership-request", request),
        400,
        "MEMBERSHIP_REQUEST_NOT_FOUND");
    List<Integer> statuses =
        Races.together(
            () -> ada.organization("accept-membership-request", request).status(),
            () -> ada.organization("reject-membership-request", request).status());
    assertThat(statuses).containsExactlyInAnyOrder(200, 400);
    assertThat(ok(ada.organization("list-membership-requests"))).isEmpty();
    if (organizations(asks).contains(organization)) {
      refused(
          asks.organization("request-membership", Json.object()),
          400,
          "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION");
      ok(asks.organization("leave", Json.object().put("organizationId", organization)));
    }
    JsonNode again = ok(asks.organization("request-membership", Json.object()));
    assertThat(again.path("status").asText()).isEqualTo("pending");
    assertThat(ok(asks.organization("request-membership", Json.object())).path("id"))
        .isEqualTo(again.path("id"));
    ok(
        ada.organization(
            "accept-membership-request",
            Json.object().put("requestId", again.path("id").asText())));
    assertThat(organizations(asks)).contains(organization);
    refused(
        asks.organization("list-membership-requests?organizationId=" + organization),
        403,
        "YOU_ARE_NOT_ALLOWED_TO_DECIDE_MEMBERSHIP_REQUESTS");
    refused(
        asks.organization(
            "add-domain", added(domain, "invite").put("organizationId", organization)),
        403,
        "YOU_ARE_NOT_ALLOWED_TO_UPDATE_THIS_ORGANIZATION");
  }

  /** Whether an organization is there is not told. */
  @Test
  void nobodyAsksToJoinWhereTheirAddressIsNot() throws Exception {
    prove("request");
    Person eve = people.signUp("eve");
    for (String id : List.of(organization, "unknown")) {
      refused(
          eve.organization("request-membership", Json.object().put("organizationId", id)),
          403,
          "YOU_CANNOT_REQUEST_MEMBERSHIP");
    }
  }
}
