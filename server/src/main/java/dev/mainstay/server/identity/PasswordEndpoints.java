package dev.mainstay.server.identity;

import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Origins;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Better Auth's endpoints of addresses and passwords. */
final class PasswordEndpoints {
  private static final String SENT =
      "If this email exists in our system, check your email for the reset link";

  private final PasswordSignIn signIn;
  private final PasswordReset passwords;
  private final Profile profile;
  private final CredentialLimits limits;
  private final Cookies cookies;
  private final Origins origins;

  PasswordEndpoints(
      PasswordSignIn signIn,
      PasswordReset passwords,
      Profile profile,
      CredentialLimits limits,
      Cookies cookies,
      Origins origins) {
    this.signIn = signIn;
    this.passwords = passwords;
    this.profile = profile;
    this.limits = limits;
    this.cookies = cookies;
    this.origins = origins;
  }

  /**
   * A new account.
   *
   * @param callbackURL where the link in the mail leads; {@code /} if absent
   * @param rememberMe means nothing: no session is opened before the address is confirmed
   */
  public record SignUp(
      @NotNull @Size(max = Profile.MAX_NAME) String name,
      @NotBlank @Size(max = EmailAddress.MAX_LENGTH) String email,
      @NotBlank @Size(max = PasswordRules.MAX_INPUT) String password,
      @Nullable @Size(max = Profile.MAX_IMAGE) String image,
      @Nullable @Size(max = 2000) String callbackURL,
      @Nullable Boolean rememberMe) {}

  /**
   * Signs in.
   *
   * @param rememberMe false for a session that ends with the browser
   */
  public record SignIn(
      @NotBlank @Size(max = EmailAddress.MAX_LENGTH) String email,
      @NotBlank @Size(max = PasswordRules.MAX_INPUT) String password,
      @Nullable @Size(max = 2000) String callbackURL,
      @Nullable Boolean rememberMe) {}

  /**
   * Asks for a mail.
   *
   * @param redirectTo where the link leads, with {@code token} or {@code error} added; the studio's
   *     own page if absent
   */
  public record RequestReset(
      @NotBlank @Size(max = EmailAddress.MAX_LENGTH) String email,
      @Nullable @Size(max = 2000) String redirectTo) {}

  /** What was asked for. */
  public record ResetRequested(boolean status, String message) {}

  /**
   * A new password.
   *
   * @param token of the link; may be in the query
   */
  public record Reset(
      @NotBlank @Size(max = PasswordRules.MAX_INPUT) String newPassword,
      @Nullable @Size(max = 200) String token) {}

  /** A new password, by the old one. */
  public record Change(
      @NotBlank @Size(max = PasswordRules.MAX_INPUT) String newPassword,
      @NotBlank @Size(max = PasswordRules.MAX_INPUT) String currentPassword,
      @Nullable Boolean revokeOtherSessions) {}

  /** The caller's password. */
  public record Password(@NotBlank @Size(max = PasswordRules.MAX_INPUT) String password) {}

  /** A first password. */
  public record NewPassword(@NotBlank @Size(max = PasswordRules.MAX_INPUT) String newPassword) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/api/auth/sign-up/email",
                Permission.PUBLIC,
                "Make an account, to be confirmed by mail",
                SignUp.class)
            .answers(200, SignedInView.class)
            .handle(this::signUp),
        Endpoint.post(
                "/api/auth/sign-in/email",
                Permission.PUBLIC,
                "Sign in with an address and a password",
                SignIn.class)
            .answers(200, SignedInView.class)
            .orAnswers(TwoFactorView.class)
            .handle(this::signIn),
        Endpoint.post(
                "/api/auth/request-password-reset",
                Permission.PUBLIC,
                "Send a link to set a new password",
                RequestReset.class)
            .answers(200, ResetRequested.class)
            .handle(this::requestReset),
        Endpoint.get(
                "/api/auth/reset-password/{token}",
                Permission.PUBLIC,
                "Go where a new password is asked for")
            .query("callbackURL", "string", "Where to go")
            .fromElsewhere()
            .answersRedirectOr(None.class)
            .handle(this::goToReset),
        Endpoint.post(
                "/api/auth/reset-password",
                Permission.PUBLIC,
                "Set a new password by a link",
                Reset.class)
            .query("token", "string", "The link's token, if it is not in the body")
            .answers(200, Done.class)
            .handle(this::reset),
        Endpoint.post(
                "/api/auth/change-password",
                Permission.ACCOUNT,
                "Set a new password by the old one",
                Change.class)
            .answers(200, SignedInView.class)
            .stepUp(Endpoint.StepUp.OWN_PROOF)
            .handle(this::change),
        Endpoint.post(
                "/api/auth/set-password",
                Permission.ACCOUNT,
                "Set a first password",
                NewPassword.class)
            .answers(200, Done.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(
                call -> {
                  passwords.setFirst(call.principal(), call.body().newPassword(), Client.of(call));
                  return Answer.json(Done.STATUS);
                }),
        Endpoint.post(
                "/api/auth/verify-password",
                Permission.ACCOUNT,
                "Whether it is my password",
                Password.class)
            .answers(200, Done.class)
            .handle(
                call -> {
                  passwords.verify(call.principal(), call.body().password());
                  return Answer.json(Done.STATUS);
                }));
  }

  private Answer signUp(Call<SignUp> call) {
    SignUp body = call.body();
    String email = EmailAddress.parse("email", body.email());
    String callback =
        origins.target(Optional.ofNullable(body.callbackURL()), "callbackURL").orElse("/");
    limits.mail(call, email);
    String browser = cookies.signUpSecret(call);
    User user =
        signIn.signUp(
            new Registration.Newcomer(email, false, body.name(), Profile.picture(body.image())),
            body.password(),
            callback,
            browser,
            Client.of(call));
    return cookies.signedUp(browser, new SignedInView(null, null, null, UserView.of(user)));
  }

  private Answer signIn(Call<SignIn> call) {
    SignIn body = call.body();
    Optional<String> callback =
        origins.target(Optional.ofNullable(body.callbackURL()), "callbackURL");
    limits.signIn(call);
    return switch (signIn.signIn(
        EmailAddress.parse(body.email()),
        body.password(),
        cookies.entry(call, "password", !Boolean.FALSE.equals(body.rememberMe())))) {
      case Entrance.Challenged asked -> cookies.challenged(call, asked);
      case Entrance.Opened in -> signedIn(call, in, callback);
    };
  }

  private Answer signedIn(Call<SignIn> call, Entrance.Opened in, Optional<String> callback) {
    SignedInView view =
        new SignedInView(
            callback.isPresent(),
            in.session().session().id(),
            callback.orElse(null),
            UserView.of(in.user()));
    Answer.Body answer = cookies.with(call, in, view);
    return callback.map(url -> answer.header("Location", url)).orElse(answer);
  }

  private Answer requestReset(Call<RequestReset> call) {
    String email = EmailAddress.parse("email", call.body().email());
    Optional<String> redirect =
        origins.target(Optional.ofNullable(call.body().redirectTo()), "redirectURL");
    limits.mail(call, email);
    passwords.request(email, redirect);
    return Answer.json(new ResetRequested(true, SENT));
  }

  private Answer goToReset(Call<None> call) {
    String callback =
        origins.target(call.query("callbackURL"), "callbackURL").orElse("/sign-in/reset");
    String token = call.path("token");
    return Answer.redirect(
        passwords.isValid(token)
            ? Urls.with(origins.whole(callback), "token", token)
            : Urls.with(origins.whole(callback), "error", "INVALID_TOKEN"));
  }

  private Answer reset(Call<Reset> call) {
    limits.signIn(call);
    String token =
        Optional.ofNullable(call.body().token())
            .or(() -> call.query("token"))
            .orElseThrow(() -> PasswordRules.invalid("invalid-token", "Invalid token"));
    passwords.reset(token, call.body().newPassword(), cookies.proof(call));
    return Answer.json(Done.STATUS);
  }

  private Answer change(Call<Change> call) {
    Change body = call.body();
    Optional<Sessions.Opened> opened =
        passwords.change(
            call.principal(),
            body.currentPassword(),
            body.newPassword(),
            Objects.requireNonNullElse(body.revokeOtherSessions(), false),
            Client.of(call));
    UserView user = UserView.of(profile.user(call.principal()));
    return opened
        .<Answer>map(
            session ->
                cookies.with(
                    call, session, new SignedInView(null, session.session().id(), null, user)))
        .orElseGet(() -> Answer.json(new SignedInView(null, null, null, user)));
  }
}
