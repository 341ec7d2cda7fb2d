package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Tx;
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

  /**
   * The user of an address that was just proved. Whatever somebody else has prepared on an account
   * with this address, before it was proved, is taken away: password, passkeys, sessions, links. A
   * second factor stays: alone it lets nobody in.
   */
  User proved(Tx tx, User user, Instant now) {
    if (user.emailVerified()) {
      return user;
    }
    accounts.deleteAll(tx, user.id());
    passkeys.deleteAll(tx, user.id());
    gate.passwordChanged(tx, user.id());
    sessions.endAll(tx, user.id());
    verifications.deleteAll(tx, user.id());
    users.setEmail(tx, user.id(), user.address(), true, now);
    return users.byId(tx.sql(), user.id()).orElseThrow();
  }
}
