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
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Asking people to join: whose link it is, how often it counts, and what nobody can give away. */
class InvitationTest {
  @TempDir static Path directory;
  private static final AtomicInteger NUMBER = new AtomicInteger();
  private static TestServer server;
  private static TestPeople people;
  private static Person ada;
  private static Person bob;

  @BeforeAll
  static void start() throws Exception {
    server = TestServer.start(directory, TestPeople.SETTINGS);
    people = new TestPeople(server, directory);
    ada = people.signUp("ada");
    bob = people.signUp("bob");
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static String create() throws Exception {
    String slug = "inviting-" + NUMBER.incrementAndGet();
    return ok(ada.organization("create", Json.object().put("name", slug).put("slug", slug)))
        .path("id")
        .asText();
  }

  private static ObjectNode invitation(String organization, String email, String role) {
    return Json.object().put("organizationId", organization).put("email", email).put("role", role);
  }

  private static ObjectNode id(String invitation) {
    return Json.object().put("invitationId", invitation);
  }

  @Test
  void whoIsAskedSeesItAndJoins() throws Exception {
    String organization = create();
    JsonNode made =
        ok(
            ada.organization(
                "invite-member", invitation(organization, "BOB@example.com", "member")));
    String id = made.path("id").asText();
    assertThat(id).hasSize(43);
    assertThat(made.path("email").asText()).isEqualTo(bob.email());
    assertThat(made.path("status").asText()).isEqualTo("pending");
    assertThat(made.path("inviterId").asText()).isEqualTo(ada.id());
    JsonNode seen = ok(bob.organization("get-invitation?id=" + id));
    assertThat(seen.path("inviterEmail").asText()).isEqualTo(ada.email());
    assertThat(seen.path("organizationName").asText()).startsWith("inviting-");
    assertThat(ok(bob.organization("list-user-invitations")).findValuesAsText("id")).contains(id);
    assertThat(ok(ada.organization("list-invitations")).path(0).path("id").asText()).isEqualTo(id);
    JsonNode joined = ok(Invitations.accept(bob, id));
    assertThat(joined.path("invitation").path("status").asText()).isEqualTo("accepted");
    assertThat(joined.path("member").path("role").asText()).isEqualTo("member");
    assertThat(
            ok(bob.get("/api/auth/get-session"))
                .path("session")
                .path("activeOrganizationId")
                .asText())
        .isEqualTo(organization);
    refused(
        ada.organization("invite-member", invitation(organization, bob.email(), "member")),
        400,
        "USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION");
    refused(bob.organization("list-invitations"), 403, "YOU_ARE_NOT_ALLOWED_TO_LIST_INVITATIONS");
    assertThat(ok(bob.organization("get-full-organization")).path("invitations")).isEmpty();
    refused(
        bob.organization("invite-member", invitation(organization, "x@example.com", "member")),
        403,
        "YOU_ARE_NOT_ALLOWED_TO_INVITE_USERS_TO_THIS_ORGANIZATION");
  }

  @Test
  void theLinkCountsWithItsAddressAlone() throws Exception {
    String organization = create();
    String id = Invitations.invite(ada, bob.email(), organization, "member");
    Person eve = people.signUp("eve");
    refused(Invitations.accept(eve, id), 403, "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION");
    refused(
        eve.organization("get-invitation?id=" + id),
        403,
        "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION");
    refused(
        eve.organization("reject-invitation", id(id)),
        403,
        "YOU_ARE_NOT_THE_RECIPIENT_OF_THE_INVITATION");
    refused(eve.organization("cancel-invitation", id(id)), 400, "INVITATION_NOT_FOUND");
    refused(Invitations.accept(bob, "guess"), 400, "INVITATION_NOT_FOUND");
    for (String more : List.of("role", "email", "organizationId")) {
      refused(
          bob.organization("accept-invitation", id(id).put(more, "owner")),
          400,
          "VALIDATION_ERROR");
    }
    people.execute("update users set email_verified = false where id = '" + eve.id() + "'");
    String to = Invitations.invite(ada, eve.email(), organization, "member");
    refused(
        Invitations.accept(eve, to),
        403,
        "EMAIL_VERIFICATION_REQUIRED_BEFORE_ACCEPTING_OR_REJECTING_INVITATION");
    refused(
        eve.organization("get-invitation?id=" + to),
        403,
        "EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION");
    refused(
        eve.organization("list-user-invitations"),
        403,
        "EMAIL_VERIFICATION_REQUIRED_FOR_INVITATION");
    assertThat(
            people.value(
                "select count(*) from members where organization_id = '" + organization + "'"))
        .isEqualTo("1");
  }

  @Test
  void anInvitationIsAcceptedOnce() throws Exception {
    String organization = create();
    String id = Invitations.invite(ada, bob.email(), organization, "member");
    Person again = people.signIn(bob.email());
    List<Integer> statuses =
        Races.together(
            () -> Invitations.accept(bob, id).status(),
            () -> Invitations.accept(again, id).status());
    assertThat(statuses).containsExactlyInAnyOrder(200, 400);
    refused(Invitations.accept(bob, id), 400, "INVITATION_NOT_FOUND");
    refused(bob.organization("reject-invitation", id(id)), 400, "INVITATION_NOT_FOUND");
    refused(ada.organization("cancel-invitation", id(id)), 400, "INVITATION_NOT_FOUND");
  }

  @Test
  void whatIsOverIsRefused() throws Exception {
    String organization = create();
    String old = Invitations.invite(ada, bob.email(), organization, "member");
    people.execute("update invitations set expires_at = 1 where id = '" + old + "'");
    refused(Invitations.accept(bob, old), 400, "INVITATION_NOT_FOUND");
    refused(bob.organization("get-invitation?id=" + old), 400, "INVITATION_NOT_FOUND");
    String next = Invitations.invite(ada, bob.email(), organization, "member");
    assertThat(ok(ada.organization("cancel-invitation", id(next))).path("status").asText())
        .isEqualTo("canceled");
    refused(Invitations.accept(bob, next), 400, "INVITATION_NOT_FOUND");
    String rejected = Invitations.invite(ada, bob.email(), organization, "member");
    JsonNode answer = ok(bob.organization("reject-invitation", id(rejected)));
    assertThat(answer.path("invitation").path("status").asText()).isEqualTo("rejected");
    assertThat(answer.path("member").isNull()).isTrue();
    refused(Invitations.accept(bob, rejected), 400, "INVITATION_NOT_FOUND");
  }

  @Test
  void oneThatWaitsIsSentAgainIfThatIsAskedFor() throws Exception {
    String organization = create();
    ObjectNode body = invitation(organization, "waits@example.com", "member");
    JsonNode first = ok(ada.organization("invite-member", body));
    refused(
        ada.organization("invite-member", body),
        400,
        "USER_IS_ALREADY_INVITED_TO_THIS_ORGANIZATION");
    JsonNode again =
        ok(ada.organization("invite-member", body.put("resend", true).put("role", "admin")));
    assertThat(again.path("id")).isEqualTo(first.path("id"));
    assertThat(again.path("role").asText()).isEqualTo("member");
    assertThat(again.path("expiresAt").asText())
        .isGreaterThanOrEqualTo(first.path("expiresAt").asText());
  }

  @Test
  void nobodyOffersMoreThanTheyHave() throws Exception {
    String organization = create();
    Invitations.join(ada, bob, organization, "admin");
    for (String role : List.of("owner", "admin,owner", " owner ", "member, owner")) {
      refused(
          bob.organization("invite-member", invitation(organization, "x@example.com", role)),
          403,
          "YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE");
    }
    refused(
        bob.organization("invite-member", invitation(organization, "x@example.com", "king")),
        400,
        "ROLE_NOT_FOUND");
    for (String role : List.of("", " , ")) {
      refused(
          bob.organization("invite-member", invitation(organization, "x@example.com", role)),
          400,
          "VALIDATION_ERROR");
    }
    String owner = Invitations.invite(ada, "heir@example.com", organization, "owner");
    assertThat(ok(bob.organization("list-invitations")).findValuesAsText("id"))
        .doesNotContain(owner);
    refused(
        bob.organization(
            "invite-member",
            invitation(organization, "heir@example.com", "member").put("resend", true)),
        403,
        "YOU_ARE_NOT_ALLOWED_TO_INVITE_USER_WITH_THIS_ROLE");
    ok(bob.organization("invite-member", invitation(organization, "y@example.com", "admin")));
  }

  /** Else an administrator who was taken out would come back by another address. */
  @Test
  void whatItsMakerMayNotOfferAnyMoreIsNotGiven() throws Exception {
    String organization = create();
    Person carl = people.signUp("carl");
    Person dora = people.signUp("dora");
    String member = Invitations.join(ada, bob, organization, "admin");
    String first = Invitations.invite(bob, carl.email(), organization, "admin");
    String second = Invitations.invite(bob, dora.email(), organization, "member");
    ok(
        ada.organization(
            "update-member-role",
            Json.object()
                .put("organizationId", organization)
                .put("memberId", member)
                .put("role", "member")));
    refused(Invitations.accept(carl, first), 400, "INVITATION_NOT_FOUND");
    ok(
        ada.organization(
            "remove-member",
            Json.object().put("organizationId", organization).put("memberIdOrEmail", bob.email())));
    refused(
        Invitations.accept(dora, second), 400, "INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION");
    refused(
        dora.organization("get-invitation?id=" + second),
        400,
        "INVITER_IS_NO_LONGER_A_MEMBER_OF_THE_ORGANIZATION");
  }

  @Test
  void addressesThatAreNoneAreRefused() throws Exception {
    String organization = create();
    for (String email : List.of("a@b.com,c@d.com", "a", "a@b\r\nBcc: c@d.com", "ａ＠", "<a@b.com>")) {
      TestClient.Answer answer =
          ada.organization("invite-member", invitation(organization, email, "member"));
      assertThat(answer.status()).as(answer.body()).isEqualTo(400);
    }
  }

  @Test
  void manyAreInvitedWithAResultForEach() throws Exception {
    String organization = create();
    ObjectNode body = Json.object().put("organizationId", organization).put("role", "member");
    body.putArray("emails").add("one@example.com").add("none").add(ada.email());
    JsonNode results = ok(ada.organization("invite-members", body));
    assertThat(results).hasSize(3);
    assertThat(results.path(0).path("invitation").path("email").asText())
        .isEqualTo("one@example.com");
    assertThat(results.path(1).path("code").asText()).isEqualTo("INVALID_EMAIL");
    assertThat(results.path(2).path("code").asText())
        .isEqualTo("USER_IS_ALREADY_A_MEMBER_OF_THIS_ORGANIZATION");
    var emails = body.putArray("emails");
    IntStream.range(0, 51).forEach(i -> emails.add("many" + i + "@example.com"));
    refused(ada.organization("invite-members", body), 400, "VALIDATION_ERROR");
  }

  @Test
  void aHundredWaitAtMostAlsoIfTwoComeAtOnce() throws Exception {
    String organization = create();
    for (int batch = 0; batch < 2; batch++) {
      ObjectNode body = Json.object().put("organizationId", organization).put("role", "member");
      var emails = body.putArray("emails");
      for (int i = 0; i < (batch == 0 ? 50 : 49); i++) {
        emails.add("wait%d-%d@example.com".formatted(batch, i));
      }
      ok(ada.organization("invite-members", body));
    }
    List<Callable<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      ObjectNode body = invitation(organization, "last" + i + "@example.com", "member");
      all.add(() -> ada.organization("invite-member", body).status());
    }
    assertThat(Races.together(all)).containsExactlyInAnyOrder(200, 403, 403, 403, 403);
    refused(
        ada.organization("invite-member", invitation(organization, "more@example.com", "member")),
        403,
        "INVITATION_LIMIT_REACHED");
  }

  @Test
  void aHundredAreMembersAtMostAlsoIfTwoJoinAtOnce() throws Exception {
    String organization = create();
    List<Person> late = new ArrayList<>();
    List<String> invitations = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Person person = people.signUp("late" + i);
      late.add(person);
      invitations.add(Invitations.invite(ada, person.email(), organization, "member"));
    }
    fill(organization, 98);
    List<Callable<Integer>> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      Person person = late.get(i);
      String invitation = invitations.get(i);
      all.add(() -> Invitations.accept(person, invitation).status());
    }
    assertThat(Races.together(all)).containsExactlyInAnyOrder(200, 403, 403);
    assertThat(
            people.value(
                "select count(*) from members where organization_id = '" + organization + "'"))
        .isEqualTo("100");
    JsonNode listed = ok(ada.organization("list-members?limit=30"));
    assertThat(listed.path("members")).hasSize(30);
    assertThat(listed.path("total").asInt()).isEqualTo(100);
  }

  /** People who were never there by the API. */
  private static void fill(String organization, int count) {
    StringBuilder users =
        new StringBuilder("insert into users (id, organization_id, name, created_at) values ");
    StringBuilder members =
        new StringBuilder(
            "insert into members (id, organization_id, user_id, role, created_at) values ");
    for (int i = 0; i < count; i++) {
      String user = Ids.next();
      String comma = i == 0 ? "" : ", ";
      users.append("%s('%s', '%s', 'Filler', 1)".formatted(comma, user, organization));
      members.append(
          "%s('%s', '%s', '%s', 'member', 1)".formatted(comma, Ids.next(), organization, user));
    }
    people.execute(users.toString());
    people.execute(members.toString());
  }
}
