package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import dev.mainstay.server.platform.http.Principal;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** API keys, signing in with one or by a link of the machine's, and who the caller is. */
final class KeyEndpoints {
  private static final int MAX_SECRET = 200;
  private static final long MAX_OVERLAP_SECONDS = 7 * 86_400;

  private final Identity identity;
  private final CredentialLimits limits;
  private final Cookies cookies;

  KeyEndpoints(Identity identity, CredentialLimits limits, Cookies cookies) {
    this.identity = identity;
    this.limits = limits;
    this.cookies = cookies;
  }

  /** The body of a sign-in by link. */
  public record LinkSignIn(@NotBlank @Size(max = MAX_SECRET) String token) {}

  /** The body of a sign-in by key. */
  public record KeySignIn(@NotBlank @Size(max = MAX_SECRET) String key) {}

  /** The caller. */
  public record Me(String userId, String organizationId, String name, List<String> scopes) {}

  /** That the server is there. */
  public record Ok(boolean ok) {}

  /**
   * A key to make.
   *
   * @param scopes all that the caller has but the instance's administration, if absent
   * @param expiresIn seconds, a day to a year; no end if absent
   */
  public record CreateKey(
      @NotBlank @Size(max = KeyRules.MAX_NAME) String name,
      @Nullable @Size(max = 20) List<@NotBlank @Size(max = 50) String> scopes,
      @Nullable @Min(1) Long expiresIn) {}

  /**
   * How to rotate a key.
   *
   * @param overlapSeconds for how long the old one goes on; an hour if absent, seven days at most
   */
  public record RotateKey(@Nullable @Min(0) @Max(MAX_OVERLAP_SECONDS) Long overlapSeconds) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.get("/api/auth/ok", Permission.PUBLIC, "Whether the server is there")
            .answers(200, Ok.class)
            .handle(call -> Answer.json(new Ok(true))),
        Endpoint.get("/api/auth/error", Permission.PUBLIC, "The page that tells of an error")
            .query("error", "string", "Its code")
            .query("error_description", "string", "What it says; it is not shown")
            .answersRedirectOr(None.class)
            .handle(KeyEndpoints::error),
        Endpoint.post(
                "/api/auth/link", Permission.PUBLIC, "Sign in by a one-time link", LinkSignIn.class)
            .answersNothing()
            .handle(
                call -> {
                  limits.signIn(call);
                  return cookies.with(
                      call, identity.signInByLink(call.body().token(), Client.of(call)));
                }),
        Endpoint.post("/api/auth/key", Permission.PUBLIC, "Sign in by an API key", KeySignIn.class)
            .answersNothing()
            .handle(
                call -> {
                  limits.signIn(call);
                  return cookies.with(
                      call, identity.signInByKey(call.body().key(), Client.of(call)));
                }),
        Endpoint.get("/api/me", Permission.SIGNED_IN, "Who I am and what I may do")
            .answers(200, Me.class)
            .handle(this::me),
        Endpoint.get("/api/keys", Permission.KEYS_MANAGE, "List API keys")
            .pageOf(ApiKeyView.class)
            .handle(
                call ->
                    Answer.json(
                        identity
                            .keys()
                            .page(
                                call.principal().organizationId(),
                                call.query("cursor").orElse(""),
                                call.limit()))),
        Endpoint.post("/api/keys", Permission.KEYS_MANAGE, "Create an API key", CreateKey.class)
            .answers(201, NewApiKey.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .create(
                (call, tx) ->
                    Answer.json(
                        201,
                        identity
                            .keys()
                            .create(
                                tx,
                                call.principal(),
                                KeyDraft.of(
                                    call.body().name(),
                                    Optional.ofNullable(call.body().scopes()).orElse(List.of()),
                                    KeyRules.life(call.body().expiresIn())),
                                Client.of(call))
                            .view())),
        Endpoint.post(
                "/api/keys/{id}/rotate",
                Permission.KEYS_MANAGE,
                "Put a new API key in the place of one, which goes on for a while",
                RotateKey.class)
            .bodyOptional()
            .answers(201, NewApiKey.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .create((call, tx) -> Answer.json(201, rotated(call, tx).view())),
        Endpoint.delete("/api/keys/{id}", Permission.KEYS_MANAGE, "Revoke an API key")
            .answersNothing()
            .handle(
                call -> {
                  Principal principal = call.principal();
                  identity
                      .keys()
                      .revoke(
                          principal.organizationId(),
                          call.path("id"),
                          AuditLog.Act.by(principal, "key-revoked", Client.of(call)));
                  return Answer.none();
                }));
  }

  private Keys.Made rotated(Call<RotateKey> call, Tx tx) {
    Duration overlap =
        Optional.ofNullable(call.body().overlapSeconds())
            .map(Duration::ofSeconds)
            .orElse(KeyRotation.USUAL_OVERLAP);
    return identity
        .rotation()
        .rotate(tx, call.principal(), call.path("id"), overlap, Client.of(call));
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

  private static Answer error(Call<None> call) {
    String code =
        call.query("error").filter(text -> text.matches("[A-Za-z0-9_-]{1,100}")).orElse("UNKNOWN");
    return Answer.redirect(Urls.with("/sign-in", "error", code));
  }
}
