package dev.mainstay.server.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Of Better Auth's plugin {@code two-factor}: turning it on and off. */
final class TwoFactorSetupEndpoints {
  private final TwoFactorSetup setup;
  private final CredentialLimits limits;
  private final Cookies cookies;

  TwoFactorSetupEndpoints(TwoFactorSetup setup, CredentialLimits limits, Cookies cookies) {
    this.setup = setup;
    this.limits = limits;
    this.cookies = cookies;
  }

  /** A second factor. */
  public enum TwoFactorMethod {
    /** An app. */
    @JsonProperty("totp")
    TOTP,
    /** Codes by mail. */
    @JsonProperty("otp")
    OTP
  }

  /**
   * Turns it on.
   *
   * @param password may be absent if the user has none
   * @param method an app if absent
   * @param issuer what the app shows; Mainstay if absent
   */
  public record EnableTwoFactor(
      @Nullable @Size(max = PasswordRules.MAX_INPUT) String password,
      @Nullable TwoFactorMethod method,
      @Nullable @Size(min = 1, max = 100) String issuer) {}

  /**
   * What there is to turn it on.
   *
   * @param totpURI for the app, which counts from its first code on; absent with codes by mail
   * @param backupCodes each is good once; they are shown here alone
   */
  public record TwoFactorEnabled(
      TwoFactorMethod method, @Nullable String totpURI, @Nullable List<String> backupCodes) {}

  /**
   * The caller's password.
   *
   * @param password may be absent if the user has none
   */
  public record OwnPassword(@Nullable @Size(max = PasswordRules.MAX_INPUT) String password) {
    private Optional<String> given() {
      return Optional.ofNullable(password);
    }
  }

  /** What an app reads from a QR code. */
  public record TotpUri(String totpURI) {}

  /** Backup codes, each good once. */
  public record BackupCodes(boolean status, List<String> backupCodes) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/api/auth/two-factor/enable",
                Permission.ACCOUNT,
                "Begin with a second factor",
                EnableTwoFactor.class)
            .answers(200, TwoFactorEnabled.class)
            .stepUp(Endpoint.StepUp.OWN_PROOF)
            .handle(this::enable),
        Endpoint.post(
                "/api/auth/two-factor/disable",
                Permission.ACCOUNT,
                "Do without a second factor",
                OwnPassword.class)
            .answers(200, Done.class)
            .stepUp(Endpoint.StepUp.OWN_PROOF)
            .handle(
                call -> {
                  limits.signIn(call);
                  return cookies.withoutDevice(
                      call,
                      setup.disable(call.principal(), call.body().given(), Client.of(call)),
                      Done.STATUS);
                }),
        Endpoint.post(
                "/api/auth/two-factor/get-totp-uri",
                Permission.ACCOUNT,
                "What my app reads, once more",
                OwnPassword.class)
            .answers(200, TotpUri.class)
            .stepUp(Endpoint.StepUp.OWN_PROOF)
            .handle(
                call -> {
                  limits.signIn(call);
                  return Answer.json(new TotpUri(setup.uri(call.principal(), call.body().given())));
                }),
        Endpoint.post(
                "/api/auth/two-factor/generate-backup-codes",
                Permission.ACCOUNT,
                "Make other backup codes",
                OwnPassword.class)
            .answers(200, BackupCodes.class)
            .stepUp(Endpoint.StepUp.OWN_PROOF)
            .handle(
                call -> {
                  limits.signIn(call);
                  return Answer.json(
                      new BackupCodes(
                          true,
                          setup.newBackupCodes(
                              call.principal(), call.body().given(), Client.of(call))));
                }));
  }

  private Answer enable(Call<EnableTwoFactor> call) {
    EnableTwoFactor body = call.body();
    limits.signIn(call);
    Optional<String> password = Optional.ofNullable(body.password());
    if (body.method() == TwoFactorMethod.OTP) {
      Sessions.Opened opened = setup.enableMail(call.principal(), password, Client.of(call));
      return cookies.with(call, opened, new TwoFactorEnabled(TwoFactorMethod.OTP, null, null));
    }
    TwoFactorSetup.App app =
        setup.begin(call.principal(), password, Optional.ofNullable(body.issuer()));
    return Answer.json(new TwoFactorEnabled(TwoFactorMethod.TOTP, app.uri(), app.backupCodes()));
  }
}
