package dev.mainstay.server.identity;

import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Permission;

/** Tells a sign-in page what this server offers, before anybody has typed an address. */
final class SignInOptionsEndpoint {
  private final SignInOptions options;

  /**
   * What a sign-in page may offer.
   *
   * @param signUp who can create an account
   * @param sendsMail false where mails are written to the server's log instead
   */
  public record SignInOptions(SignUpMode signUp, boolean sendsMail) {}

  SignInOptionsEndpoint(SignUpMode signUp, boolean sendsMail) {
    this.options = new SignInOptions(signUp, sendsMail);
  }

  Endpoint<?> endpoint() {
    return Endpoint.get(
            "/api/auth/options",
            Permission.PUBLIC,
            "Tell who can sign up, and whether mails are sent")
        .answers(200, SignInOptions.class)
        .handle(call -> Answer.json(options));
  }
}
