package dev.mainstay.server.identity;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import dev.mainstay.server.platform.http.SessionCookie;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Better Auth's plugin {@code passkey}. */
final class PasskeyEndpoints {
  private static final int MAX_NAME = 100;
  private static final int MAX_MEMBERS = 20;

  /** A credential's id has 1023 bytes at most (WebAuthn Level 3, section 4). */
  private static final String CREDENTIAL_ID = "[\\w-]{1,1364}";

  private final Passkeys passkeys;
  private final PasskeyChallenges challenges;
  private final PasskeyVerifier verifier;
  private final CredentialLimits limits;
  private final Cookies cookies;
  private final SessionCookie cookie;

  PasskeyEndpoints(
      Passkeys passkeys,
      PasskeyChallenges challenges,
      PasskeyVerifier verifier,
      CredentialLimits limits,
      Cookies cookies,
      SessionCookie cookie) {
    this.passkeys = passkeys;
    this.challenges = challenges;
    this.verifier = verifier;
    this.limits = limits;
    this.cookies = cookies;
    this.cookie = cookie.beside("passkey");
  }

  /**
   * What an authenticator has made.
   *
   * @param response WebAuthn's RegistrationResponseJSON
   * @param name for its user
   * @param createSession means nothing: who registers is signed in
   */
  public record NewPasskey(
      @NotNull @Size(max = MAX_MEMBERS) Map<String, Object> response,
      @Nullable @Size(max = MAX_NAME) String name,
      @Nullable Boolean createSession) {}

  /**
   * What an authenticator has signed.
   *
   * @param response WebAuthn's AuthenticationResponseJSON
   */
  public record PasskeySignIn(@NotNull @Size(max = MAX_MEMBERS) Map<String, Object> response) {}

  /** A passkey. */
  public record PasskeyId(@NotBlank @Size(max = 100) String id) {}

  /** A passkey and its name. */
  public record PasskeyName(
      @NotBlank @Size(max = 100) String id, @NotNull @Size(max = MAX_NAME) String name) {}

  /** A passkey that was changed. */
  public record OnePasskey(PasskeyView passkey) {}

  /** Who has come in. */
  public record PasskeySignedIn(SessionView session, UserView user) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.get(
                "/api/auth/passkey/generate-register-options",
                Permission.ACCOUNT,
                "What a browser needs to make a passkey")
            .query("authenticatorAttachment", "string", "platform or cross-platform")
            .query("name", "string", "What the authenticator shows; the address if absent")
            .query("context", "string", "Means nothing here")
            .answers(200, PasskeyOptions.PasskeyRegistration.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(this::registerOptions),
        Endpoint.post(
                "/api/auth/passkey/verify-registration",
                Permission.ACCOUNT,
                "Keep a passkey",
                NewPasskey.class)
            .answers(200, PasskeyView.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(this::register),
        Endpoint.get(
                "/api/auth/passkey/generate-authenticate-options",
                Permission.ANYONE,
                "What a browser needs to sign in with a passkey")
            .answers(200, PasskeyOptions.PasskeyAuthentication.class)
            .handle(this::authenticateOptions),
        Endpoint.post(
                "/api/auth/passkey/verify-authentication",
                Permission.PUBLIC,
                "Sign in with a passkey",
                PasskeySignIn.class)
            .answers(200, PasskeySignedIn.class)
            .orAnswers(TwoFactorView.class)
            .handle(this::authenticate),
        Endpoint.get("/api/auth/passkey/list-user-passkeys", Permission.ACCOUNT, "List my passkeys")
            .answersList(PasskeyView.class)
            .handle(
                call ->
                    Answer.json(
                        passkeys.of(call.principal().userId()).stream()
                            .map(PasskeyView::of)
                            .toList())),
        Endpoint.post(
                "/api/auth/passkey/update-passkey",
                Permission.ACCOUNT,
                "Rename a passkey",
                PasskeyName.class)
            .answers(200, OnePasskey.class)
            .handle(
                call ->
                    Answer.json(
                        new OnePasskey(
                            PasskeyView.of(
                                passkeys.rename(
                                    call.principal(), call.body().id(), call.body().name()))))),
        Endpoint.post(
                "/api/auth/passkey/delete-passkey",
                Permission.ACCOUNT,
                "Remove a passkey",
                PasskeyId.class)
            .answers(200, Done.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(
                call -> {
                  passkeys.delete(call.principal(), call.body().id(), Client.of(call));
                  return Answer.json(Done.STATUS);
                }));
  }

  private Answer registerOptions(Call<None> call) {
    Optional<String> attachment = call.query("authenticatorAttachment");
    if (attachment.filter(text -> !text.matches("platform|cross-platform")).isPresent()) {
      throw ProblemException.badRequest(
          "authenticatorAttachment", "must be platform or cross-platform");
    }
    Optional<String> name = call.query("name");
    if (name.filter(text -> text.length() > MAX_NAME).isPresent()) {
      throw ProblemException.badRequest("name", "must have at most " + MAX_NAME + " characters");
    }
    User user = passkeys.user(call.principal());
    String shown = user.email().orElse(user.name());
    PasskeyChallenges.Issued issued =
        challenges.issue(PasskeyChallenges.Ceremony.REGISTRATION, Optional.of(user.id()));
    return asking(
        issued,
        new PasskeyOptions.PasskeyRegistration(
            issued.challenge(),
            new PasskeyOptions.RelyingParty("Mainstay", verifier.rpId()),
            new PasskeyOptions.KeyOwner(
                PasskeyVerifier.encode(user.id().getBytes(StandardCharsets.UTF_8)),
                name.orElse(shown),
                shown),
            PasskeyVerifier.ALGORITHMS.stream()
                .map(alg -> new PasskeyOptions.KeyParameters(alg, PasskeyOptions.PUBLIC_KEY))
                .toList(),
            PasskeyOptions.TIMEOUT,
            "none",
            passkeys.of(user.id()).stream().map(PasskeyOptions.KeyDescriptor::of).toList(),
            new PasskeyOptions.AuthenticatorSelection(
                PasskeyOptions.PREFERRED, PasskeyOptions.PREFERRED, false, attachment.orElse(null)),
            new PasskeyOptions.PasskeyExtensions(true),
            List.of()));
  }

  private Answer asking(PasskeyChallenges.Issued issued, Object options) {
    return Answer.json(options)
        .header("Set-Cookie", cookie.set(issued.token(), Optional.of(PasskeyChallenges.LIFE)));
  }

  private Answer authenticateOptions(Call<None> call) {
    limits.challenge(call);
    List<Passkey> own = call.caller().map(caller -> passkeys.of(caller.userId())).orElse(List.of());
    PasskeyChallenges.Issued issued =
        challenges.issue(PasskeyChallenges.Ceremony.AUTHENTICATION, Optional.empty());
    return asking(
        issued,
        new PasskeyOptions.PasskeyAuthentication(
            verifier.rpId(),
            issued.challenge(),
            own.isEmpty() ? null : own.stream().map(PasskeyOptions.KeyDescriptor::of).toList(),
            PasskeyOptions.TIMEOUT,
            PasskeyOptions.PREFERRED));
  }

  private static String json(Map<String, Object> response) {
    try {
      return Json.MAPPER.writeValueAsString(response);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("JSON that was read cannot be written", e);
    }
  }

  private Answer register(Call<NewPasskey> call) {
    NewPasskey body = call.body();
    PasskeyChallenges.Pending pending =
        challenges.take(cookie.read(call), PasskeyChallenges.Ceremony.REGISTRATION);
    Passkey passkey =
        passkeys.register(
            call.principal(),
            pending,
            json(body.response()),
            Optional.ofNullable(body.name()).filter(name -> !name.isBlank()),
            Client.of(call));
    return Answer.json(PasskeyView.of(passkey)).header("Set-Cookie", cookie.clear());
  }

  private Answer authenticate(Call<PasskeySignIn> call) {
    limits.signIn(call);
    Map<String, Object> response = call.body().response();
    PasskeyChallenges.Pending pending =
        challenges.take(cookie.read(call), PasskeyChallenges.Ceremony.AUTHENTICATION);
    String id =
        response.get("id") instanceof String text && text.matches(CREDENTIAL_ID) ? text : "";
    Answer.Body answer =
        switch (passkeys.signIn(
            pending, id, json(response), cookies.entry(call, "passkey", true))) {
          case Entrance.Challenged asked -> cookies.challenged(call, asked);
          case Entrance.Opened in -> {
            Session session = in.session().session();
            yield cookies.with(
                call,
                in,
                new PasskeySignedIn(SessionView.of(session, session.id()), UserView.of(in.user())));
          }
        };
    return answer.header("Set-Cookie", cookie.clear());
  }
}
