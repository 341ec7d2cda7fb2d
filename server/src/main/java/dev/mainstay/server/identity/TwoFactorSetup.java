package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Keyring;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Principal;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * What people do about their second factor. Each needs the password, or a session that is fresh
 * where there is none.
 */
final class TwoFactorSetup {
  private static final String ISSUER = "Mainstay";

  private final Database database;
  private final InstantSource clock;
  private final People people;
  private final PasswordReset passwords;
  private final Keyring keyring;
  private final TwoFactorBackupCodes backupCodes;
  private final TwoFactorStore store = new TwoFactorStore();

  TwoFactorSetup(
      Database database,
      InstantSource clock,
      People people,
      PasswordReset passwords,
      Keyring keyring,
      TwoFactorBackupCodes backupCodes) {
    this.database = database;
    this.clock = clock;
    this.people = people;
    this.passwords = passwords;
    this.keyring = keyring;
    this.backupCodes = backupCodes;
  }

  private void confirm(Principal caller, Optional<String> password) {
    boolean has =
        database.read(sql -> people.accounts().passwordHash(sql, caller.userId())).isPresent();
    if (!has) {
      people.sessions().requireFresh(caller);
      return;
    }
    passwords.verify(
        caller,
        password.orElseThrow(() -> PasswordRules.invalid("invalid-password", "Invalid password")));
  }

  /** An app to be, which counts from its first code on. */
  record App(String uri, List<String> backupCodes) {
    @Override
    public String toString() {
      return "App[…]";
    }
  }

  /** Begins with an app. */
  App begin(Principal caller, Optional<String> password, Optional<String> issuer) {
    confirm(caller, password);
    return database.write(
        tx -> {
          User user = people.lock(tx, caller);
          if (store.find(tx.sql(), user.id()).filter(TwoFactor::verified).isPresent()) {
            throw PasswordRules.invalid("totp-already-enabled", "TOTP is already enabled");
          }
          String secret = TwoFactorCodes.newSecret();
          store.replace(tx, TwoFactor.unverified(user.id(), secret, keyring), clock.instant());
          return new App(
              TwoFactorCodes.uri(secret, issuer.orElse(ISSUER), account(user)),
              backupCodes.make(tx, user.id()));
        });
  }

  private static String account(User user) {
    return user.email().orElse(user.name());
  }

  /** Codes by mail from now on; the session has a new secret. */
  Sessions.Opened enableMail(Principal caller, Optional<String> password, Client client) {
    confirm(caller, password);
    return database.write(
        tx -> {
          User user = people.lock(tx, caller);
          if (!user.emailVerified()) {
            throw PasswordRules.invalid(
                "otp-not-configured", "Codes need an address that is confirmed");
          }
          turnOn(tx, user, client);
          return people.sessions().rotate(tx, caller.credentialId());
        });
  }

  /** Asks for a second factor from now on. */
  void turnOn(Tx tx, User user, Client client) {
    people.users().setTwoFactorEnabled(tx, user.id(), true, clock.instant());
    tell(tx, user, client, "two-factor-enabled", "Two-factor authentication was turned on");
  }

  private void tell(Tx tx, User user, Client client, String action, String what) {
    people.tell(tx, user, AuditLog.Act.of(action, user.id(), client), what);
  }

  /** Asks for no second factor any more; the session has a new secret. */
  Sessions.Opened disable(Principal caller, Optional<String> password, Client client) {
    confirm(caller, password);
    return database.write(
        tx -> {
          User user = people.lock(tx, caller);
          people.gate().forget(tx, user.id());
          people.users().setTwoFactorEnabled(tx, user.id(), false, clock.instant());
          tell(tx, user, client, "two-factor-disabled", "Two-factor authentication was turned off");
          return people.sessions().rotate(tx, caller.credentialId());
        });
  }

  /** What the caller's app reads, once more. */
  String uri(Principal caller, Optional<String> password) {
    TwoFactor app =
        database
            .read(sql -> store.find(sql, caller.userId()))
            .orElseThrow(() -> PasswordRules.invalid("totp-not-enabled", "TOTP not enabled"));
    confirm(caller, password);
    User user = database.read(sql -> people.caller(sql, caller));
    return TwoFactorCodes.uri(app.secret(keyring), ISSUER, account(user));
  }

  /** Other backup codes; those before are worthless. */
  List<String> newBackupCodes(Principal caller, Optional<String> password, Client client) {
    confirm(caller, password);
    return database.write(
        tx -> {
          User user = people.lock(tx, caller);
          if (store.find(tx.sql(), user.id()).filter(TwoFactor::verified).isEmpty()) {
            throw PasswordRules.invalid("two-factor-not-enabled", "Two factor isn't enabled");
          }
          tell(tx, user, client, "backup-codes-made", "New backup codes were made");
          return backupCodes.make(tx, user.id());
        });
  }
}
