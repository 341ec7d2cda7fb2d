package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.http.Endpoint;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What endpoints say of themselves, against what reviewers have agreed to. */
@Tag("once") // needs no database
class EndpointDeclarationsTest {
  /** A new one is a new way in for whatever opens links: think twice, and let it be a POST. */
  private static final Set<String> CHANGED_BY_GET =
      Set.of(
          "GET /api/auth/verify-email",
          "GET /api/auth/magic-link/verify",
          "GET /api/auth/delete-user/callback",
          "GET /api/auth/callback/{id}");

  private static final Set<String> FRESH_SESSION =
      Set.of(
          "POST /api/auth/change-email",
          "POST /api/auth/email-otp/request-email-change",
          "POST /api/auth/email-otp/change-email",
          "POST /api/auth/set-password",
          "POST /api/auth/revoke-session",
          "POST /api/auth/revoke-other-sessions",
          "POST /api/auth/revoke-sessions",
          "POST /api/auth/link-social",
          "POST /api/auth/unlink-account",
          "GET /api/auth/passkey/generate-register-options",
          "POST /api/auth/passkey/verify-registration",
          "POST /api/auth/passkey/delete-passkey",
          "POST /api/auth/api-key/create",
          "POST /api/keys",
          "POST /api/keys/{id}/rotate",
          "GET /api/me/data",
          "POST /api/auth/admin/create-user",
          "POST /api/auth/admin/update-user",
          "POST /api/auth/admin/set-role",
          "POST /api/auth/admin/ban-user",
          "POST /api/auth/admin/unban-user",
          "POST /api/auth/admin/revoke-user-session",
          "POST /api/auth/admin/revoke-user-sessions",
          "POST /api/auth/admin/remove-user",
          "POST /api/auth/admin/set-user-password",
          "POST /api/auth/admin/impersonate-user",
          "POST /api/admin/users/{id}/reset-two-factor",
          "POST /api/auth/organization/delete",
          "POST /api/auth/organization/update-member-role",
          "POST /api/auth/organization/update-role",
          "POST /api/auth/organization/add-domain");

  private static final Set<String> TO_STRENGTHEN =
      Set.of(
          "POST /api/auth/api-key/update",
          "POST /api/auth/organization/invite-member",
          "POST /api/auth/organization/invite-members");

  private static final Set<String> OWN_PROOF =
      Set.of(
          "POST /api/auth/change-password",
          "POST /api/auth/delete-user",
          "GET /api/auth/delete-user/callback",
          "POST /api/auth/two-factor/enable",
          "POST /api/auth/two-factor/disable",
          "POST /api/auth/two-factor/get-totp-uri",
          "POST /api/auth/two-factor/generate-backup-codes");

  @TempDir static Path directory;
  private static List<Endpoint<?>> endpoints = new ArrayList<>();

  @BeforeAll
  static void read() throws Exception {
    try (TestServer server = TestServer.start(directory, TestPeople.SETTINGS)) {
      endpoints = List.copyOf(server.mainstay().endpoints());
    }
  }

  @AfterAll
  static void forget() {
    endpoints = List.of();
  }

  private static Set<String> those(Predicate<Endpoint<?>> which) {
    return endpoints.stream()
        .filter(which)
        .map(one -> one.method() + " " + one.path())
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> asking(Endpoint.StepUp what) {
    return those(one -> one.stepUp() == what);
  }

  @Test
  void everyGetThatChangesSomethingSaysWhy() {
    assertThat(those(one -> one.changes().isPresent())).isEqualTo(new TreeSet<>(CHANGED_BY_GET));
    assertThat(endpoints)
        .filteredOn(one -> one.changes().isPresent())
        .allSatisfy(one -> assertThat(one.method()).isEqualTo(Endpoint.Method.GET))
        .allSatisfy(one -> assertThat(one.changes().orElseThrow()).hasSizeGreaterThan(20));
  }

  @Test
  void whatMovesOrStrengthensAnAccountAsksForMore() {
    assertThat(asking(Endpoint.StepUp.FRESH_SESSION)).isEqualTo(new TreeSet<>(FRESH_SESSION));
    assertThat(asking(Endpoint.StepUp.FRESH_SESSION_TO_STRENGTHEN))
        .isEqualTo(new TreeSet<>(TO_STRENGTHEN));
    assertThat(asking(Endpoint.StepUp.OWN_PROOF)).isEqualTo(new TreeSet<>(OWN_PROOF));
  }
}
