package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may become a user by an account at a provider: the same as by any other way. */
class SocialSignUpTest {
  @TempDir private Path directory;

  private TestServer start(QuirkProvider provider, String signUp) throws Exception {
    Map<Setting, String> settings = new HashMap<>(TestPeople.SETTINGS);
    settings.put(Setting.SIGN_UP, signUp);
    settings.put(Setting.OIDC_PROVIDERS, provider.oidc());
    return TestServer.start(directory, settings);
  }

  private static QuirkProvider.Account account(String name, boolean verified) {
    return new QuirkProvider.Account(name, name + "@example.com", verified);
  }

  @Test
  void anInvitationIsForWhoHasProvedItsAddress() throws Exception {
    try (QuirkProvider provider = new QuirkProvider();
        TestServer server = start(provider, "invited")) {
      Person owner = new Person(server.mainstay().url(), "owner");
      owner.auth("link", Map.of("token", server.mainstay().identity().createSignInLink()));
      String organization = owner.get("/api/me").json().path("organizationId").asText();
      ObjectNode invitation =
          Json.object()
              .put("email", "bob@example.com")
              .put("role", "member")
              .put("organizationId", organization);
      TestClient.Answer invited = owner.post("/api/auth/organization/invite-member", invitation);
      assertThat(invited.status()).as(invited.body()).isEqualTo(200);

      Person eve = new Person(server.mainstay().url(), "eve");
      assertThat(SocialFlow.enter(eve, provider, "quirk", account("eve", true)))
          .isEqualTo("/sign-in?error=signup_disabled");
      assertThat(SocialFlow.enter(eve, provider, "quirk", account("bob", false)))
          .isEqualTo("/sign-in?error=email_not_verified");
      assertThat(eve.isSignedIn()).isFalse();
      Person bob = new Person(server.mainstay().url(), "bob");
      assertThat(SocialFlow.enter(bob, provider, "quirk", account("bob", true)))
          .isEqualTo("/tasks");
      assertThat(
              bob.auth(
                      "organization/accept-invitation",
                      Map.of("invitationId", invited.json().path("id").asText()))
                  .status())
          .isEqualTo(200);
    }
  }

  @Test
  void aClosedServerMakesNobodyAUser() throws Exception {
    try (QuirkProvider provider = new QuirkProvider();
        TestServer server = start(provider, "closed")) {
      Person eve = new Person(server.mainstay().url(), "eve");
      assertThat(SocialFlow.enter(eve, provider, "quirk", account("eve", true)))
          .isEqualTo("/sign-in?error=signup_disabled");
    }
  }
}
