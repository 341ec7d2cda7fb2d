package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Principal;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Registering passkeys, signing in with them, and what else is done to them. */
final class Passkeys {
  private static final Logger log = LoggerFactory.getLogger(Passkeys.class);

  /** Of one user. */
  static final int MAX_PASSKEYS = 20;

  private final Database database;
  private final InstantSource clock;
  private final People people;
  private final PasskeyVerifier verifier;

  Passkeys(Database database, InstantSource clock, People people, PasskeyVerifier verifier) {
    this.database = database;
    this.clock = clock;
    this.people = people;
    this.verifier = verifier;
  }

  List<Passkey> of(String userId) {
    return database.read(sql -> people.passkeys().ofUser(sql, userId));
  }

  User user(Principal caller) {
    return database.read(sql -> people.caller(sql, caller));
  }

  /** Keeps a key that was made for a challenge of the caller's. */
  Passkey register(
      Principal caller,
      PasskeyChallenges.Pending pending,
      String response,
      Optional<String> name,
      Client client) {
    if (!pending.userId().equals(Optional.of(caller.userId()))) {
      throw ProblemException.of(
          "you-are-not-allowed-to-register-this-passkey",
          "Not allowed",
          401,
          "You are not allowed to register this passkey");
    }
    PasskeyVerifier.Registered made = registered(response, pending.challengeHash());
    Passkey passkey =
        new Passkey(
            Ids.next(),
            caller.userId(),
            name,
            made.credentialId(),
            made.aaguid(),
            made.publicKey(),
            made.counter(),
            made.backupAble(),
            made.backedUp(),
            made.transports(),
            clock.instant());
    database.execute(
        tx -> {
          User user = people.lock(tx, caller);
          if (people.passkeys().ofUser(tx.sql(), user.id()).size() >= MAX_PASSKEYS) {
            throw PasswordRules.invalid(
                "too-many-passkeys", "A user has " + MAX_PASSKEYS + " passkeys at most");
          }
          if (!people.passkeys().insert(tx, passkey)) {
            throw PasswordRules.invalid("previously-registered", "Previously registered");
          }
          tell(tx, user, passkey.id(), client, "passkey-added", "A passkey was added");
        });
    return passkey;
  }

  private PasskeyVerifier.Registered registered(String response, String challengeHash) {
    try {
      return verifier.register(response, challengeHash);
    } catch (PasskeyVerifier.Refused e) {
      log.debug("A passkey was not registered", e);
      throw PasswordRules.invalid("failed-to-verify-registration", "Failed to verify registration");
    }
  }

  private void tell(Tx tx, User user, String id, Client client, String action, String what) {
    people.tell(tx, user, AuditLog.Act.of(action, user.id(), client).target("passkey", id), what);
  }

  /**
   * Signs in. Who has shown a PIN or a fingerprint to the authenticator has shown two factors; of
   * others the second one is asked, if they have one.
   */
  Entrance signIn(
      PasskeyChallenges.Pending pending,
      String credentialId,
      String response,
      Sessions.Entry entry) {
    Passkey passkey =
        database
            .read(sql -> people.passkeys().byCredential(sql, credentialId))
            .orElseThrow(
                () ->
                    ProblemException.of(
                        "passkey-not-found", "Sign-in failed", 401, "Passkey not found"));
    PasskeyVerifier.Signed signed = signed(response, passkey, pending.challengeHash());
    return database.write(
        tx -> {
          User user = people.users().lock(tx, passkey.userId()).orElseThrow(Passkeys::failed);
          if (!people.passkeys().used(tx, passkey.id(), signed.counter(), signed.backedUp())) {
            throw failed();
          }
          return signed.verified()
              ? new Entrance.Opened(people.sessions().open(tx, user, entry), user, Optional.empty())
              : people.gate().enter(tx, user, entry);
        });
  }

  private PasskeyVerifier.Signed signed(String response, Passkey passkey, String challengeHash) {
    try {
      return verifier.authenticate(response, passkey, challengeHash);
    } catch (PasskeyVerifier.Refused e) {
      log.debug("A passkey was refused", e);
      throw failed();
    }
  }

  private static ProblemException failed() {
    return PasswordRules.invalid("authentication-failed", "Authentication failed");
  }

  private static ProblemException notFound() {
    return ProblemException.of("passkey-not-found", "Not found", 404, "Passkey not found");
  }

  Passkey rename(Principal caller, String id, String name) {
    return database.write(
        tx -> {
          User user = people.lock(tx, caller);
          Passkey unused =
              people.passkeys().find(tx.sql(), user.id(), id).orElseThrow(Passkeys::notFound);
          people.passkeys().rename(tx, id, name);
          return people.passkeys().find(tx.sql(), user.id(), id).orElseThrow();
        });
  }

  void delete(Principal caller, String id, Client client) {
    database.execute(
        tx -> {
          User user = people.lock(tx, caller);
          if (!people.passkeys().delete(tx, user.id(), id)) {
            throw notFound();
          }
          tell(tx, user, id, client, "passkey-removed", "A passkey was removed");
        });
  }
}
