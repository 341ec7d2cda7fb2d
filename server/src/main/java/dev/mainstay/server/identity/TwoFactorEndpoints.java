package dev.mainstay.server.identity;

import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Of Better Auth's plugin {@code two-factor}: the second step of signing in. */
final class TwoFactorEndpoints {
  private static final int MAX_CODE = 50;

  private final TwoFactorProof proof;
  private final TwoFactorMethods methods;
  private final CredentialLimits limits;
  private final Cookies cookies;

  TwoFactorEndpoints(
      TwoFactorProof proof, TwoFactorMethods methods, CredentialLimits limits, Cookies cookies) {
    this.proof = proof;
    this.methods = methods;
    this.limits = limits;
    this.cookies = cookies;
  }

  /**
   * A code.
   *
   * @param trustDevice not to be asked again in this browser for 30 days
   */
  public record TwoFactorCode(
      @NotBlank @Size(max = MAX_CODE) String code, @Nullable Boolean trustDevice) {}

  /**
   * A backup code.
   *
   * @param trustDevice as with other codes
   * @param disableSession not supported: a code is good for a session
   */
  public record BackupCode(
      @NotBlank @Size(max = MAX_CODE) String code,
      @Nullable Boolean trustDevice,
      @Nullable Boolean disableSession) {}

  /**
   * Asks for a mail.
   *
   * @param trustDevice means nothing here
   */
  public record SendTwoFactorCode(@Nullable Boolean trustDevice) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/api/auth/two-factor/verify-totp",
                Permission.ANYONE,
                "Go on with a code of the app",
                TwoFactorCode.class)
            .answers(200, SignedInView.class)
            .handle(
                call -> {
                  TwoFactorCode body = call.body();
                  return prove(
                      call,
                      prover(call),
                      request(call, TwoFactorGate.APP, body.trustDevice()),
                      methods.app(body.code()));
                }),
        Endpoint.post(
                "/api/auth/two-factor/send-otp",
                Permission.ANYONE,
                "Send a code by mail",
                SendTwoFactorCode.class)
            .bodyOptional()
            .answers(200, Done.class)
            .handle(this::send),
        Endpoint.post(
                "/api/auth/two-factor/verify-otp",
                Permission.ANYONE,
                "Go on with a code of a mail",
                TwoFactorCode.class)
            .answers(200, SignedInView.class)
            .handle(
                call -> {
                  TwoFactorCode body = call.body();
                  TwoFactorProof.Prover prover = prover(call);
                  return prove(
                      call,
                      prover,
                      request(call, TwoFactorGate.MAIL, body.trustDevice()),
                      methods.mail(prover, body.code()));
                }),
        Endpoint.post(
                "/api/auth/two-factor/verify-backup-code",
                Permission.ANYONE,
                "Go on with a backup code",
                BackupCode.class)
            .answers(200, SignedInView.class)
            .handle(
                call -> {
                  BackupCode body = call.body();
                  if (Boolean.TRUE.equals(body.disableSession())) {
                    throw ProblemException.badRequest("disableSession", "is not supported");
                  }
                  return prove(
                      call,
                      prover(call),
                      request(call, "backup-code", body.trustDevice()),
                      methods.backupCode(body.code()));
                }));
  }

  /** A key, or a session that is lent, has no second factor. */
  private TwoFactorProof.Prover prover(Call<?> call) {
    return call.caller()
        .filter(caller -> caller.may(Permission.ACCOUNT))
        .<TwoFactorProof.Prover>map(TwoFactorProof.Prover.SignedIn::new)
        .or(() -> cookies.challenge(call).map(TwoFactorProof.Prover.Half::new))
        .orElseThrow(TwoFactorProof::noChallenge);
  }

  private static TwoFactorProof.Request request(
      Call<?> call, String method, @Nullable Boolean trust) {
    return new TwoFactorProof.Request(method, Boolean.TRUE.equals(trust), Client.of(call));
  }

  private Answer prove(
      Call<?> call,
      TwoFactorProof.Prover prover,
      TwoFactorProof.Request request,
      TwoFactorProof.Factor factor) {
    limits.signIn(call);
    TwoFactorProof.Proved proved = proof.prove(prover, request, factor);
    SignedInView view =
        new SignedInView(null, proved.sessionId(), null, UserView.of(proved.user()));
    return proved
        .opened()
        .map(in -> cookies.with(call, in, view))
        .orElseGet(() -> Answer.json(view));
  }

  private Answer send(Call<SendTwoFactorCode> call) {
    TwoFactorProof.Prover prover = prover(call);
    TwoFactorProof.Attempt attempt = proof.attempt(prover);
    limits.mail(call, attempt.user().email().orElse(attempt.user().id()));
    methods.send(prover, attempt);
    return Answer.json(Done.STATUS);
  }
}
