package dev.mainstay.server.identity;

import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Authenticator;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import dev.mainstay.server.platform.http.RateLimit;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Signing in and out, sessions, and API keys. What Better Auth has too (npm {@code better-auth}
 * 1.7) has its paths, bodies and answers.
 */
public final class IdentityEndpoints {
  private static final int MAX_SECRET = 200;
  private static final int SIGN_INS = 20;

  private final Identity identity;
  private final Supplier<Optional<URI>> publicUrl;
  private final RateLimit signIns;

  public IdentityEndpoints(
      Identity identity, Supplier<Optional<URI>> publicUrl, InstantSource clock) {
    this.identity = identity;
    this.publicUrl = publicUrl;
    this.signIns = new RateLimit(SIGN_INS, Duration.ofMinutes(1), clock);
  }

  /** The body of a sign-in by link. */
  public record LinkSignIn(@NotBlank @Size(max = MAX_SECRET) String token) {}

  /** The body of a sign-in by key. */
  public record KeySignIn(@NotBlank @Size(max = MAX_SECRET) String key) {}

  /**
   * The session to end.
   *
   * @param token of {@code list-sessions}
   */
  public record RevokeSession(@NotBlank @Size(max = MAX_SECRET) String token) {}

  /** Better Auth's answer, also if there was nothing to end. */
  public record Revoked(boolean status) {
    static final Revoked DONE = new Revoked(true);
  }

  /** The caller. */
  public record Me(String userId, String organizationId, String name, List<String> scopes) {}

  /**
   * A key to make.
   *
   * @param scopes all that the caller has, if absent
   */
  public record CreateKey(
      @NotBlank @Size(max = 100) String name,
      @Nullable @Size(max = 20) List<@NotBlank @Size(max = 50) String> scopes) {}

  public List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/api/auth/link", Permission.PUBLIC, "Sign in by a one-time link", LinkSignIn.class)
            .answersNothing()
            .handle(
                call ->
                    signedIn(
                        limited(
                            call, () -> identity.signInByLink(call.body().token(), client(call))))),
        Endpoint.post("/api/auth/key", Permission.PUBLIC, "Sign in by an API key", KeySignIn.class)
            .answersNothing()
            .handle(
                call ->
                    signedIn(
                        limited(
                            call, () -> identity.signInByKey(call.body().key(), client(call))))),
        Endpoint.post("/api/auth/sign-out", Permission.SIGNED_IN, "End this session")
            .answersNothing()
            .handle(this::signOut),
        Endpoint.get(
                "/api/auth/list-sessions",
                Permission.SESSION,
                "List my sessions, the newest first, 200 at most")
            .answersList(SessionView.class)
            .handle(call -> Answer.json(identity.sessions(call.principal()))),
        Endpoint.post(
                "/api/auth/revoke-session",
                Permission.SESSION,
                "End one of my sessions",
                RevokeSession.class)
            .answers(200, Revoked.class)
            .handle(
                call ->
                    revoked(() -> identity.revokeSession(call.principal(), call.body().token()))),
        Endpoint.post(
                "/api/auth/revoke-other-sessions",
                Permission.SESSION,
                "End all my sessions but this one")
            .answers(200, Revoked.class)
            .handle(call -> revoked(() -> identity.revokeOtherSessions(call.principal()))),
        Endpoint.post(
                "/api/auth/revoke-sessions",
                Permission.SESSION,
                "End all my sessions, this one too")
            .answers(200, Revoked.class)
            .handle(
                call ->
                    revoked(() -> identity.revokeSessions(call.principal()))
                        .header("Set-Cookie", setCookie("", Duration.ZERO))),
        Endpoint.get("/api/me", Permission.SIGNED_IN, "Who I am and what I may do")
            .answers(200, Me.class)
            .handle(this::me),
        Endpoint.get("/api/keys", Permission.KEYS_MANAGE, "List API keys")
            .pageOf(ApiKeyView.class)
            .handle(
                call ->
                    Answer.json(
                        identity.keys(
                            call.principal().organizationId(),
                            call.query("cursor").orElse(""),
                            call.limit()))),
        Endpoint.post("/api/keys", Permission.KEYS_MANAGE, "Create an API key", CreateKey.class)
            .answers(201, NewApiKey.class)
            .create(
                (call, tx) ->
                    Answer.json(
                        201,
                        identity.createKey(
                            tx,
                            call.principal(),
                            call.body().name(),
                            Optional.ofNullable(call.body().scopes()).orElse(List.of())))),
        Endpoint.delete("/api/keys/{id}", Permission.KEYS_MANAGE, "Revoke an API key")
            .answersNothing()
            .handle(
                call -> {
                  identity.revokeKey(call.principal().organizationId(), call.path("id"));
                  return Answer.none();
                }));
  }

  private Answer me(Call<None> call) {
    var principal = call.principal();
    return Answer.json(
        new Me(
            principal.userId(),
            principal.organizationId(),
            identity.userName(principal.userId()),
            principal.permissions().stream().map(Permission::scope).sorted().toList()));
  }

  private String limited(Call<?> call, Supplier<String> signIn) {
    signIns.take(call.remoteAddress());
    return signIn.get();
  }

  private Answer signedIn(String token) {
    return cookie(token, Identity.SESSION_LIFE);
  }

  private Answer signOut(Call<None> call) {
    if (call.principal().byCookie()) {
      identity.signOut(call.principal().credentialId());
    }
    return cookie("", Duration.ZERO);
  }

  private static Answer.Body revoked(Runnable revocation) {
    revocation.run();
    return Answer.json(Revoked.DONE);
  }

  private static Identity.Client client(Call<?> call) {
    return new Identity.Client(call.remoteAddress(), call.header("User-Agent").orElse(""));
  }

  private Answer cookie(String value, Duration life) {
    return new Answer.Empty(Map.of("Set-Cookie", setCookie(value, life)));
  }

  private String setCookie(String value, Duration life) {
    boolean https = publicUrl.get().map(url -> "https".equals(url.getScheme())).orElse(false);
    return "%s=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Lax%s"
        .formatted(Authenticator.SESSION_COOKIE, value, life.toSeconds(), https ? "; Secure" : "");
  }
}
