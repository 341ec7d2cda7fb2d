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
  private final EmailVerification emails;
  private final Profile profile;
  private final PasswordReset passwords;
  private final Sessions sessions;
  private final CredentialLimits limits;
  private final Cookies cookies;
  private final Origins origins;

  EmailEndpoints(
      EmailVerification emails,
      Profile profile,
      PasswordReset passwords,
      Sessions sessions,
      CredentialLimits limits,
      Cookies cookies,
      Origins origins) {
    this.emails = emails;
    this.profile = profile;
    this.passwords = passwords;
    this.sessions = sessions;
    this.limits = limits;
    this.cookies = cookies;
    this.origins = origins;
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
      @Nullable @Size(max = 200) String token,
      @Nullable @Size(max = 2000) String callbackURL) {}

  /** What was done. */
  public record Deleted(boolean success, String message) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
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
            .handle(this::verify),
        Endpoint.post(
                "/api/auth/change-email",
                Permission.ACCOUNT,
                "Ask for another address",
                ChangeEmail.class)
            .answers(200, Done.class)
            .handle(this::change),
        Endpoint.post(
                "/api/auth/update-user",
                Permission.ACCOUNT,
                "Change my name or picture",
                UpdateUser.class)
            .answers(200, Done.class)
            .handle(this::update),
        Endpoint.post(
                "/api/auth/delete-user", Permission.ACCOUNT, "Delete my account", DeleteUser.class)
            .bodyOptional()
            .answers(200, Deleted.class)
            .handle(this::delete),
        Endpoint.get(
                "/api/auth/delete-user/callback",
                Permission.ACCOUNT,
                "Delete my account, by the link of a mail")
            .query("token", "string", "The link's token")
            .query("callbackURL", "string", "Where to go then")
            .answersRedirectOr(Deleted.class)
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
    try {
      EmailVerification.Verified verified =
          emails.verify(
              call.required("token"), callback.orElse("/"), call.caller(), Client.of(call));
      return callback
          .<Answer>map(url -> Answer.redirect(origins.whole(url)))
          .orElseGet(
              () ->
                  Answer.json(
                      new Verified(true, verified.changed().map(UserView::of).orElse(null))));
    } catch (ProblemException e) {
      if (callback.isEmpty()) {
        throw e;
      }
      return Answer.redirect(Urls.with(origins.whole(callback.get()), "error", e.problem().code()));
    }
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
      profile.delete(call.principal(), Client.of(call));
    } else if (profile.user(call.principal()).email().isPresent()) {
      profile.requestDeletion(call.principal(), callback);
      return Answer.json(new Deleted(true, "Verification email sent"));
    } else if (sessions.isFresh(call.principal())) {
      profile.delete(call.principal(), Client.of(call));
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
