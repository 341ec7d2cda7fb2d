package dev.mainstay.server.cli;

import java.net.URI;

/** The link by which an owner comes in, once. */
final class SignInLink {
  private SignInLink() {}

  /**
   * @param server where people find it
   * @param token of {@code Identity.createSignInLink}; behind {@code #}, so that no log of a server
   *     or proxy has it
   */
  static String sentence(URI server, String token) {
    return "Sign in once, within an hour: " + server + "/sign-in#token=" + token;
  }
}
