package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.organization.Organizations;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import java.time.Instant;
import java.util.Optional;

/** What every way of signing in needs. */
record People(
    UserStore users,
    AccountStore accounts,
    Registration registration,
    Sessions sessions,
    Verifications verifications,
    Letters letters,
    Organizations organizations,
    AuditLog audit,
    TwoFactorGate gate,
    PasskeyStore passkeys) {

  /** Sends a link that confirms a user's address. */
  void sendVerification(Tx tx, User user, String callback) {
    String token =
        verifications.newLink(
            tx, Verification.Request.of(Purpose.VERIFY_EMAIL, user.address(), Optional.of(user)));
    letters.verifyEmail(tx, user.address(), token, callback);
  }

  /** A user's address is one that they have proved from now on. */
  void confirm(Tx tx, String userId, String email, Client client, Instant now) {
    if (users.lock(tx, userId).isPresent()) {
      users.setEmail(tx, userId, email, true, now);
      organizations.addressProved(tx, userId, email, client);
    }
  }

  /**
   * The user of an address that was just proved. Whatever somebody else has prepared on an account
   * with this address, before it was proved, is taken away: password, passkeys, sessions, links. A
   * second factor stays: alone it lets nobody in.
   */
  User proved(Tx tx, User user, Client client, Instant now) {
    if (user.emailVerified()) {
      return user;
    }
    accounts.deleteAll(tx, user.id());
    passkeys.deleteAll(tx, user.id());
    gate.passwordChanged(tx, user.id());
    sessions.endAll(tx, user.id());
    verifications.deleteAll(tx, user.id());
    confirm(tx, user.id(), user.address(), client, now);
    return users.byId(tx.sql(), user.id()).orElseThrow();
  }
}
