package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Principal;
import java.util.Optional;

/**
 * Where an address is proved: the browser in which a link is confirmed or a code is entered.
 *
 * @param browser the secret in the cookie that a sign-up has left there
 * @param caller who is signed in there
 */
record Proof(Optional<String> browser, Optional<Principal> caller, Client client) {

  /** Whether the user is signed in there in person. */
  boolean isBy(User user) {
    return caller
        .filter(one -> one.kind() == Principal.Kind.SESSION)
        .filter(one -> one.userId().equals(user.id()))
        .isPresent();
  }

  /** Whether it is in the browser of this cookie. */
  boolean isIn(Optional<String> browserHash) {
    return browserHash.isPresent() && browserHash.equals(browser.map(Ids::hash));
  }
}
