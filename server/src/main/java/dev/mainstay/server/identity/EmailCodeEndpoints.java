package dev.mainstay.server.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Better Auth's plugin {@code email-otp}. */
final class EmailCodeEndpoints {
  private static final int MAX_CODE = 20;

  private final EmailCodes codes;
  private final CredentialLimits limits;
  private final Cookies cookies;

  EmailCodeEndpoints(EmailCodes codes, CredentialLimits limits, Cookies cookies) {
    this.codes = codes;
    this.limits = limits;
    this.cookies = cookies;
  }

  /** What a code is for. */
  public enum Type {
    @JsonProperty("sign-in")
    SIGN_IN(Purpose.CODE_SIGN_IN),
    @JsonProperty("email-verification")
    EMAIL_VERIFICATION(Purpose.CODE_VERIFY_EMAIL),
    @JsonProperty("forget-password")
    FORGET_PASSWORD(Purpose.CODE_RESET_PASSWORD);

    private final Purpose purpose;

    Type(Purpose purpose) {
      this.purpose = purpose;
    }
  }

  /** Asks for a code. */
  public record SendCode(
      @NotBlank @Size(max = EmailAddress.MAX_LENGTH) String email, @NotNull Type type) {}

  /** A code, which is not used up. */
  public record CheckCode(
      @NotBlank @Size(max = EmailAddress.MAX_LENGTH) String email,
      @NotNull Type type,
      @NotBlank @Size(max = MAX_CODE) String otp) {}

  /** A code for an address. */
  public record EmailAndCode(
      @NotBlank @Size(max = EmailAddress.MAX_LENGTH) String email,
      @NotBlank @Size(max = MAX_CODE) String otp) {}

  /**
   * Signs in.
   *
   * @param name of a new user
   * @param image of a new user
   */
  public record CodeSignIn(
      @NotBlank @Size(max = EmailAddress.MAX_LENGTH) String email,
      @NotBlank @Size(max = MAX_CODE) String otp,
      @Nullable @Size(max = Profile.MAX_NAME) String name,
      @Nullable @Size(max = Profile.MAX_IMAGE) String image) {}

  /** An address. */
  public record Email(@NotBlank @Size(max = EmailAddress.MAX_LENGTH) String email) {}

  /** A new password. */
  public record ResetByCode(
      @NotBlank @Size(max = EmailAddress.MAX_LENGTH) String email,
      @NotBlank @Size(max = MAX_CODE) String otp,
      @NotBlank @Size(max = PasswordRules.MAX_INPUT) String password) {}

  /**
   * The address to have.
   *
   * @param otp means nothing here: the present address is not asked
   */
  public record RequestChange(
      @NotBlank @Size(max = EmailAddress.MAX_LENGTH) String newEmail,
      @Nullable @Size(max = MAX_CODE) String otp) {}

  /** The address to have, with the code that was sent to it. */
  public record ChangeByCode(
      @NotBlank @Size(max = EmailAddress.MAX_LENGTH) String newEmail,
      @NotBlank @Size(max = MAX_CODE) String otp) {}

  /**
   * A confirmed address.
   *
   * @param token null: no session is opened
   */
  public record VerifiedByCode(
      boolean status, @Nullable @JsonInclude String token, UserView user) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/api/auth/email-otp/send-verification-otp",
                Permission.PUBLIC,
                "Send a code",
                SendCode.class)
            .answers(200, Done.class)
            .handle(call -> send(call, call.body().email(), call.body().type().purpose)),
        Endpoint.post(
                "/api/auth/email-otp/check-verification-otp",
                Permission.PUBLIC,
                "Whether a code is right",
                CheckCode.class)
            .answers(200, Done.class)
            .handle(this::check),
        Endpoint.post(
                "/api/auth/email-otp/verify-email",
                Permission.PUBLIC,
                "Confirm an address by a code",
                EmailAndCode.class)
            .answers(200, VerifiedByCode.class)
            .handle(this::verify),
        Endpoint.post(
                "/api/auth/sign-in/email-otp",
                Permission.PUBLIC,
                "Sign in by a code",
                CodeSignIn.class)
            .answers(200, SignedInView.class)
            .orAnswers(TwoFactorView.class)
            .handle(this::signIn),
        Endpoint.post(
                "/api/auth/email-otp/request-password-reset",
                Permission.PUBLIC,
                "Send a code to set a new password",
                Email.class)
            .answers(200, Done.class)
            .handle(call -> send(call, call.body().email(), Purpose.CODE_RESET_PASSWORD)),
        Endpoint.post(
                "/api/auth/forget-password/email-otp",
                Permission.PUBLIC,
                "The same, as older clients call it",
                Email.class)
            .answers(200, Done.class)
            .handle(call -> send(call, call.body().email(), Purpose.CODE_RESET_PASSWORD)),
        Endpoint.post(
                "/api/auth/email-otp/reset-password",
                Permission.PUBLIC,
                "Set a new password by a code",
                ResetByCode.class)
            .answers(200, Done.class)
            .handle(this::reset),
        Endpoint.post(
                "/api/auth/email-otp/request-email-change",
                Permission.ACCOUNT,
                "Send a code to another address",
                RequestChange.class)
            .answers(200, Done.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(this::requestChange),
        Endpoint.post(
                "/api/auth/email-otp/change-email",
                Permission.ACCOUNT,
                "Change my address by a code",
                ChangeByCode.class)
            .answers(200, Done.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(this::change));
  }

  private Answer send(Call<?> call, String text, Purpose purpose) {
    String email = EmailAddress.parse(text);
    limits.mail(call, email);
    codes.send(purpose, email);
    return Answer.json(Done.SUCCESS);
  }

  private Answer check(Call<CheckCode> call) {
    CheckCode body = call.body();
    limits.signIn(call);
    codes.check(
        body.type().purpose, EmailAddress.parse(body.email()), body.otp(), cookies.known(call));
    return Answer.json(Done.SUCCESS);
  }

  private Answer verify(Call<EmailAndCode> call) {
    EmailAndCode body = call.body();
    limits.signIn(call);
    User user =
        codes.verifyEmail(
            EmailAddress.parse(body.email()), body.otp(), cookies.known(call), cookies.proof(call));
    return Answer.json(new VerifiedByCode(true, null, UserView.of(user)));
  }

  private Answer signIn(Call<CodeSignIn> call) {
    CodeSignIn body = call.body();
    limits.signIn(call);
    Registration.Newcomer newcomer =
        new Registration.Newcomer(
            EmailAddress.parse(body.email()),
            true,
            body.name() == null ? "" : body.name(),
            Profile.picture(body.image()));
    return switch (codes.signIn(
        body.otp(), newcomer, cookies.entry(call, "email-otp", true), cookies.proof(call))) {
      case Entrance.Challenged asked -> cookies.challenged(call, asked);
      case Entrance.Opened in ->
          cookies.with(
              call,
              in,
              new SignedInView(null, in.session().session().id(), null, UserView.of(in.user())));
    };
  }

  private Answer reset(Call<ResetByCode> call) {
    ResetByCode body = call.body();
    limits.signIn(call);
    codes.resetPassword(
        EmailAddress.parse(body.email()),
        body.otp(),
        body.password(),
        cookies.known(call),
        cookies.proof(call));
    return Answer.json(Done.SUCCESS);
  }

  private Answer requestChange(Call<RequestChange> call) {
    String email = EmailAddress.parse(call.body().newEmail());
    limits.mail(call, email);
    codes.requestChange(call.principal(), email);
    return Answer.json(Done.SUCCESS);
  }

  private Answer change(Call<ChangeByCode> call) {
    limits.signIn(call);
    codes.change(
        call.principal(),
        EmailAddress.parse(call.body().newEmail()),
        call.body().otp(),
        Client.of(call));
    return Answer.json(Done.SUCCESS);
  }
}
