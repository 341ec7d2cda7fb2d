package dev.mainstay.server.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Origins;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Better Auth's endpoints of addresses, and of the profile. */
final class EmailEndpoints {
  private static final int MAX_TOKEN = 200;

  private final EmailVerification emails;
  private final Profile profile;
  private final PasswordReset passwords;
  private final Sessions sessions;
  private final CredentialLimits limits;
  private final Cookies cookies;
  private final Origins origins;
  private final Letters letters;

  EmailEndpoints(
      EmailVerification emails,
      Profile profile,
      PasswordReset passwords,
      Sessions sessions,
      CredentialLimits limits,
      Cookies cookies,
      Origins origins,
      Letters letters) {
    this.emails = emails;
    this.profile = profile;
    this.passwords = passwords;
    this.sessions = sessions;
    this.limits = limits;
    this.cookies = cookies;
    this.origins = origins;
    this.letters = letters;
  }

  /**
   * Asks for the mail again.
   *
   * @param callbackURL where the link leads; {@code /} if absent
   */
  public record SendVerification(
      @NotBlank @Size(max = EmailAddress.MAX_LENGTH) String email,
      @Nullable @Size(max = 2000) String callbackURL) {}

  /**
   * What a link has done.
   *
   * @param user with the new address, if it was changed
   */
  public record Verified(boolean status, @Nullable @JsonInclude UserView user) {}

  /**
   * What to change; what is absent stays.
   *
   * @param image an http:// or https:// URL; empty or null for none
   * @param email is not changed here
   */
  public record UpdateUser(
      @Nullable @Size(max = Profile.MAX_NAME) String name,
      @Nullable JsonNode image,
      @Nullable @Size(max = EmailAddress.MAX_LENGTH) String email) {}

  /**
   * Confirms what a link of a mail is about.
   *
   * @param callbackURL where to go then; {@code /} if absent
   */
  public record Confirm(
      @NotBlank @Size(max = MAX_TOKEN) String token,
      @Nullable @Size(max = 2000) String callbackURL) {}

  /**
   * What was confirmed.
   *
   * @param user with the new address, if it was changed
   * @param passwordToken sets a password by {@code reset-password}, if the account has none: one
   *     that somebody else had set before the address was confirmed is gone
   * @param url where to go
   */
  public record Confirmed(
      boolean status,
      @Nullable @JsonInclude UserView user,
      @Nullable String passwordToken,
      String url) {
    @Override
    public String toString() {
      return "Confirmed[…]";
    }
  }

  /** Asks for another address. */
  public record ChangeEmail(
      @NotBlank @Size(max = EmailAddress.MAX_LENGTH) String newEmail,
      @Nullable @Size(max = 2000) String callbackURL) {}

  /**
   * Deletes the account.
   *
   * @param password proves who asks; without it the session must be a day old at most
   * @param token of the mail
   */
  public record DeleteUser(
      @Nullable @Size(max = PasswordRules.MAX_INPUT) String password,
      @Nullable @Size(max = MAX_TOKEN) String token,
      @Nullable @Size(max = 2000) String callbackURL) {}

  /** What was done. */
  public record Deleted(boolean success, String message) {}

  /** The token of the mail that told of a change of address. */
  public record Restore(@NotBlank @Size(max = MAX_TOKEN) String token) {}

  /**
   * An address that an account has again.
   *
   * @param passwordToken sets a password by {@code reset-password}
   */
  public record Restored(boolean status, String passwordToken) {
    @Override
    public String toString() {
      return "Restored[…]";
    }
  }

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/api/auth/restore-email",
                Permission.PUBLIC,
                "Take a change of address back, within 7 days, by the mail to the former address",
                Restore.class)
            .answers(200, Restored.class)
            .handle(this::restore),
        Endpoint.post(
                "/api/auth/send-verification-email",
                Permission.ANYONE,
                "Send the link that confirms an address",
                SendVerification.class)
            .answers(200, Done.class)
            .handle(this::send),
        Endpoint.get(
                "/api/auth/verify-email",
                Permission.ANYONE,
                "Do what a link says: confirm an address, or change it")
            .query("token", "string", "The link's token")
            .query("callbackURL", "string", "Where to go then")
            .answersRedirectOr(Verified.class)
            .fromElsewhere()
            .changes("confirms an address for whoever signed up, or is signed in, in this browser")
            .handle(this::verify),
        Endpoint.post(
                "/api/auth/verify-email",
                Permission.ANYONE,
                "Confirm an address, or a change of it, by the token of a link",
                Confirm.class)
            .answers(200, Confirmed.class)
            .handle(this::confirm),
        Endpoint.post(
                "/api/auth/change-email",
                Permission.ACCOUNT,
                "Ask for another address",
                ChangeEmail.class)
            .answers(200, Done.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(this::change),
        Endpoint.post(
                "/api/auth/update-user",
                Permission.ACCOUNT,
                "Change my name or picture",
                UpdateUser.class)
            .answers(200, Done.class)
            .handle(this::update),
        Endpoint.get("/api/me/data", Permission.ACCOUNT, "All that is kept about me")
            .answers(200, PersonalData.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(call -> Answer.json(profile.data(call.principal()))),
        Endpoint.post(
                "/api/auth/delete-user", Permission.ACCOUNT, "Delete my account", DeleteUser.class)
            .bodyOptional()
            .answers(200, Deleted.class)
            .stepUp(Endpoint.StepUp.OWN_PROOF)
            .handle(this::delete),
        Endpoint.get(
                "/api/auth/delete-user/callback",
                Permission.ACCOUNT,
                "Delete my account, by the link of a mail")
            .query("token", "string", "The link's token")
            .query("callbackURL", "string", "Where to go then")
            .answersRedirectOr(Deleted.class)
            .fromElsewhere()
            .changes("deletes the account of whoever is signed in and has the token")
            .stepUp(Endpoint.StepUp.OWN_PROOF)
            .handle(this::deleteByLink));
  }

  private String callback(@Nullable String url) {
    return origins.target(Optional.ofNullable(url), "callbackURL").orElse("/");
  }

  private Answer send(Call<SendVerification> call) {
    String email = EmailAddress.parse("email", call.body().email());
    String callback = callback(call.body().callbackURL());
    limits.mail(call, email);
    emails.send(call.caller(), email, callback);
    return Answer.json(Done.STATUS);
  }

  private Answer verify(Call<None> call) {
    Optional<String> callback = origins.target(call.query("callbackURL"), "callbackURL");
    limits.signIn(call);
    String token = call.required("token");
    try {
      EmailVerification.Verified verified =
          emails.verify(
              new EmailVerification.Opening(
                  token, callback.orElse("/"), false, cookies.proof(call)));
      @Nullable UserView user =
          switch (verified) {
            case EmailVerification.Verified.Changed changed -> UserView.of(changed.user());
            case EmailVerification.Verified.Confirmed unused -> null;
            case EmailVerification.Verified.Agreed unused -> null;
            case EmailVerification.Verified.Unproved unused -> {
              if (callback.isEmpty()) {
                throw ProblemException.of(
                    "confirmation-required",
                    "Not confirmed",
                    403,
                    "Open the link where you signed up or are signed in, or confirm by POST");
              }
              yield null;
            }
          };
      if (callback.isEmpty()) {
        return Answer.json(new Verified(true, user));
      }
      return Answer.redirect(
          verified instanceof EmailVerification.Verified.Unproved
              ? letters.page("verify-email", Letters.parameters(token, callback))
              : origins.whole(callback.get()));
    } catch (ProblemException e) {
      if (callback.isEmpty()) {
        throw e;
      }
      return Answer.redirect(Urls.with(origins.whole(callback.get()), "error", e.problem().code()));
    }
  }

  private Answer confirm(Call<Confirm> call) {
    String callback = callback(call.body().callbackURL());
    limits.signIn(call);
    EmailVerification.Verified verified =
        emails.verify(
            new EmailVerification.Opening(
                call.body().token(), callback, true, cookies.proof(call)));
    String url = origins.whole(callback);
    return Answer.json(
        switch (verified) {
          case EmailVerification.Verified.Confirmed confirmed ->
              new Confirmed(true, null, confirmed.passwordToken().orElse(null), url);
          case EmailVerification.Verified.Agreed unused -> new Confirmed(true, null, null, url);
          case EmailVerification.Verified.Changed changed ->
              new Confirmed(true, UserView.of(changed.user()), null, url);
          case EmailVerification.Verified.Unproved unused ->
              throw new IllegalStateException("a button was pressed");
        });
  }

  private Answer restore(Call<Restore> call) {
    limits.signIn(call);
    return cookies.cleared(
        new Restored(true, emails.restore(call.body().token(), Client.of(call))));
  }

  private Answer change(Call<ChangeEmail> call) {
    String email = EmailAddress.parse("newEmail", call.body().newEmail());
    String callback = callback(call.body().callbackURL());
    limits.mail(call, email);
    emails.requestChange(call.principal(), email, callback);
    return Answer.json(Done.STATUS);
  }

  private Answer update(Call<UpdateUser> call) {
    UpdateUser body = call.body();
    if (body.email() != null) {
      throw PasswordRules.invalid("email-can-not-be-updated", "Email can not be updated");
    }
    if (body.name() == null && body.image() == null) {
      throw PasswordRules.invalid("no-fields", "No fields to update");
    }
    profile.update(
        call.principal(),
        Optional.ofNullable(body.name()),
        Optional.ofNullable(body.image()).map(EmailEndpoints::image));
    return Answer.json(Done.STATUS);
  }

  /** Empty for none. */
  private static String image(JsonNode image) {
    if (!image.isTextual() && !image.isNull()) {
      throw ProblemException.badRequest("image", "must be a string");
    }
    String text = image.isNull() ? "" : image.asText();
    if (text.length() > Profile.MAX_IMAGE) {
      throw ProblemException.badRequest(
          "image", "must have " + Profile.MAX_IMAGE + " characters at most");
    }
    return Objects.requireNonNullElse(Profile.picture(text), "");
  }

  private Answer delete(Call<DeleteUser> call) {
    DeleteUser body = call.body();
    String callback = callback(body.callbackURL());
    if (body.password() != null) {
      passwords.verify(call.principal(), body.password());
    }
    if (body.token() != null) {
      profile.delete(call.principal(), body.token(), Client.of(call));
    } else if (body.password() != null) {
      profile.delete(call.principal(), true, Client.of(call));
    } else if (profile.user(call.principal()).email().isPresent()) {
      profile.requestDeletion(call.principal(), callback);
      return Answer.json(new Deleted(true, "Verification email sent"));
    } else if (sessions.isFresh(call.principal())) {
      profile.delete(call.principal(), false, Client.of(call));
    } else {
      throw PasswordRules.invalid(
          "session-expired", "Session expired. Re-authenticate to perform this action.");
    }
    return cookies.cleared(new Deleted(true, "User deleted"));
  }

  private Answer deleteByLink(Call<None> call) {
    Optional<String> callback = origins.target(call.query("callbackURL"), "callbackURL");
    profile.delete(call.principal(), call.query("token").orElse(""), Client.of(call));
    return callback
        .<Answer>map(url -> cookies.clearedRedirect(origins.whole(url)))
        .orElseGet(() -> cookies.cleared(new Deleted(true, "User deleted")));
  }
}
