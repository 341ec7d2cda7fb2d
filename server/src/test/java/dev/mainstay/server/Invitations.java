package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.TestPeople.Person;
import dev.mainstay.server.platform.Json;

/** Asking somebody to join, and their joining. */
final class Invitations {
  private Invitations() {}

  /** The id of a new invitation. */
  static String invite(Person inviter, String email, String organization, String role)
      throws Exception {
    TestClient.Answer answer =
        inviter.organization(
            "invite-member",
            Json.object()
                .put("email", email)
                .put("role", role)
                .put("organizationId", organization));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().path("id").asText();
  }

  static TestClient.Answer accept(Person person, String invitation) throws Exception {
    return person.organization("accept-invitation", Json.object().put("invitationId", invitation));
  }

  /** The id of the new member. */
  static String join(Person inviter, Person newcomer, String organization, String role)
      throws Exception {
    TestClient.Answer answer =
        accept(newcomer, invite(inviter, newcomer.email(), organization, role));
    assertThat(answer.status()).as(answer.body()).isEqualTo(200);
    return answer.json().path("member").path("id").asText();
  }
}
