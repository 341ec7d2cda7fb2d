package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.organization.Organizations;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Principal;
import java.time.Instant;
import java.util.Optional;
import org.jooq.DSLContext;

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

  /** The caller. */
  User caller(DSLContext sql, Principal caller) {
    return users.byId(sql, caller.userId()).orElseThrow(ProblemException::unauthorized);
  }

  /** As {@link #caller}, and nobody else changes the row before this transaction ends. */
  User lock(Tx tx, Principal caller) {
    return users.lock(tx, caller.userId()).orElseThrow(ProblemException::unauthorized);
  }

  /** Writes down what was done to an account, and tells its user. */
  void tell(Tx tx, User user, AuditLog.Act act, String what) {
    audit.record(tx, act);
    user.email().ifPresent(email -> letters.notice(tx, email, what, what + " for your account."));
  }

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
    return users.byId(tx, user.id()).orElseThrow();
  }
}
