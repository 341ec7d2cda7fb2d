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
    PasskeyStore passkeys,
    KeyStore keys) {

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

  /**
   * A user's address is proved, by the person who reads its mail. This is the one place where that
   * makes an account worth something. Whatever was put on the account before the proof stays only
   * if the proof comes from whoever put it there; else a stranger who was first with this address
   * would share the account. Who is signed in keeps all of it. Of others a password stays that was
   * set in this browser, or by an administrator; linked accounts, passkeys, keys, sessions and what
   * was sent are taken away. A second factor stays: alone it lets nobody in, and without it whoever
   * got the address from an administrator would pass by it.
   *
   * @param user locked
   * @return the user as they are now
   */
  User proved(Tx tx, User user, Proof proof, Instant now) {
    if (user.emailVerified()) {
      return user;
    }
    if (!proof.isBy(user)) {
      takeAway(tx, user, keepsPassword(tx.sql(), user, proof), now);
    }
    return provedTo(tx, user, user.address(), proof.client(), now);
  }

  /** Whether the proof comes from the person who has made the account, as far as anybody knows. */
  boolean isTheirs(DSLContext sql, User user, Proof proof) {
    return proof.isBy(user)
        || accounts
            .passwordOrigin(sql, user.id())
            .filter(origin -> proof.isIn(origin.browserHash()))
            .isPresent();
  }

  /**
   * The account that has an address; empty if there is none, or only a sign-up that nobody has
   * proved, which keeps nobody from the address.
   */
  Optional<User> holder(DSLContext sql, String email) {
    return users.byEmail(sql, email).filter(user -> !isPending(sql, user));
  }

  /** Whether an account is a sign-up that waits for its confirmation, in which nobody ever was. */
  boolean isPending(DSLContext sql, User user) {
    return !user.emailVerified()
        && !users.hasSignedIn(sql, user.id())
        && accounts.passwordOrigin(sql, user.id()).flatMap(PasswordOrigin::browserHash).isPresent();
  }

  /**
   * Takes an address, which a user has proved, from a sign-up that nobody has proved: that one is
   * gone. The address is reserved.
   *
   * @return false if another account has the address
   */
  boolean free(Tx tx, String email, User user, Client client, Instant now) {
    Optional<User> other =
        users
            .byEmail(tx.sql(), email)
            .filter(one -> !one.id().equals(user.id()))
            .flatMap(one -> users.lock(tx, one.id()));
    if (other.isEmpty()) {
      return true;
    }
    String id = other.get().id();
    if (!isPending(tx.sql(), other.get())) {
      return false;
    }
    audit.record(
        tx, AuditLog.Act.of("user-deleted", id, client).detail("a sign-up that nobody confirmed"));
    verifications.forget(tx, id);
    accounts.deleteAll(tx, id);
    organizations.removeEverywhere(tx, id);
    users.erase(tx, id, now);
    return true;
  }

  private boolean keepsPassword(DSLContext sql, User user, Proof proof) {
    return accounts
        .passwordOrigin(sql, user.id())
        .filter(origin -> origin.administrator() || proof.isIn(origin.browserHash()))
        .isPresent();
  }

  private void takeAway(Tx tx, User user, boolean keepsPassword, Instant now) {
    accounts.deleteLinked(tx, user.id());
    if (!keepsPassword) {
      if (isPending(tx.sql(), user)) {
        // A picture of the stranger's would tell them when the owner looks at it.
        users.setProfile(tx, user.id(), "", null, now);
      }
      accounts.deletePassword(tx, user.id());
    }
    passkeys.deleteAll(tx, user.id());
    gate.passwordChanged(tx, user.id());
    keys.revokeAll(tx, user.id(), now);
    sessions.endAll(tx, user.id());
    verifications.deleteAll(tx, user.id());
  }

  /**
   * Leaves an account with what was there at a time: somebody may have had it since. All sessions
   * end and the password goes, however old they are, since they may be known to somebody else.
   *
   * @param user locked
   */
  void forgetSince(Tx tx, User user, Instant since, Instant now) {
    accounts.deletePassword(tx, user.id());
    accounts.deleteLinkedSince(tx, user.id(), since);
    passkeys.deleteSince(tx, user.id(), since);
    keys.revokeSince(tx, user.id(), since, now);
    gate.passwordChanged(tx, user.id());
    if (gate.forgetAppSince(tx, user.id(), since)) {
      users.setTwoFactorEnabled(tx, user.id(), false, now);
    }
    sessions.endAll(tx, user.id());
    verifications.forgetSince(tx, user.id(), since);
  }

  /** Gives a user, who is signed in or has lost what was not theirs, an address that is proved. */
  User provedTo(Tx tx, User user, String email, Client client, Instant now) {
    if (users.lock(tx, user.id()).isPresent()) {
      users.setEmail(tx, user.id(), email, true, now);
      organizations.addressProved(tx, user.id(), email, client);
    }
    return users.byId(tx, user.id()).orElseThrow();
  }
}
