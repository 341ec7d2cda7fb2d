package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Tx;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Lets in whoever has proved a first factor, or asks for the second. Every way to sign in leads
 * through it, but those that are two factors in themselves or the operator's.
 */
final class TwoFactorGate {
  static final Duration CHALLENGE_LIFE = Duration.ofMinutes(10);
  static final String APP = "totp";
  static final String MAIL = "otp";

  private final InstantSource clock;
  private final Sessions sessions;
  private final TwoFactorStore store = new TwoFactorStore();
  private final TwoFactorChallengeStore challenges = new TwoFactorChallengeStore();
  private final TwoFactorBackupCodeStore backupCodes = new TwoFactorBackupCodeStore();
  private final TwoFactorDevices devices;

  TwoFactorGate(InstantSource clock, Sessions sessions, TwoFactorDevices devices) {
    this.clock = clock;
    this.sessions = sessions;
    this.devices = devices;
  }

  /** For a proof that is not of the user's mailbox: a password, an account elsewhere. */
  Entrance enter(Tx tx, User user, Sessions.Entry entry) {
    return enter(tx, user, entry, false);
  }

  /**
   * For somebody who has proved to read the user's mail: a second code by mail would prove nothing
   * more. Whose only second factor is the mailbox has shown it.
   */
  Entrance enterByMail(Tx tx, User user, Sessions.Entry entry) {
    return enter(tx, user, entry, true);
  }

  private Entrance enter(Tx tx, User user, Sessions.Entry entry, boolean byMail) {
    sessions.requireNotBanned(user);
    Optional<TwoFactor> app = store.find(tx.sql(), user.id()).filter(TwoFactor::verified);
    if (!user.twoFactorEnabled() || (byMail && app.isEmpty())) {
      return new Entrance.Opened(sessions.open(tx, user, entry), user, Optional.empty());
    }
    Optional<String> device = entry.device().flatMap(token -> devices.renew(tx, user.id(), token));
    if (device.isPresent()) {
      return new Entrance.Opened(sessions.open(tx, user, entry), user, device);
    }
    boolean mailAllowed =
        !byMail && user.emailVerified() && app.filter(TwoFactor::mailRefused).isEmpty();
    List<String> methods = new ArrayList<>();
    app.ifPresent(unused -> methods.add(APP));
    if (mailAllowed) {
      methods.add(MAIL);
    }
    return new Entrance.Challenged(challenge(tx, user, entry, mailAllowed), user, methods);
  }

  private String challenge(Tx tx, User user, Sessions.Entry entry, boolean mailAllowed) {
    String token = Ids.secret();
    Instant now = clock.instant();
    challenges.insert(
        tx,
        new TwoFactorChallenge(
            Ids.hash(token), user.id(), entry.method(), entry.remembered(), mailAllowed, 0),
        now,
        now.plus(CHALLENGE_LIFE));
    return token;
  }

  /** Nothing is left of a user's second factors. */
  void forget(Tx tx, String userId) {
    passwordChanged(tx, userId);
    backupCodes.deleteAll(tx, userId);
    store.delete(tx, userId);
  }

  /**
   * Forgets an app that was set up since a time, with its backup codes.
   *
   * @return true if it did
   */
  boolean forgetAppSince(Tx tx, String userId, Instant since) {
    boolean forgotten = store.deleteSince(tx, userId, since);
    if (forgotten) {
      backupCodes.deleteAll(tx, userId);
    }
    return forgotten;
  }

  /** A new password: what stood on the old one ends. */
  void passwordChanged(Tx tx, String userId) {
    devices.endAll(tx, userId);
    challenges.deleteAll(tx, userId);
  }

  /** As {@link #passwordChanged}, by a mail: both factors must not come from one mailbox. */
  void passwordSetByMail(Tx tx, String userId) {
    passwordChanged(tx, userId);
    store.setMailRefused(tx, userId, true);
  }
}
