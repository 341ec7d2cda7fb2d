package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.identity.social.Providers;
import dev.mainstay.server.identity.social.SocialProvider;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Principal;
import java.util.List;

/** The ways in which somebody signs in, by a password or an account elsewhere. */
final class LinkedAccounts {
  private final Database database;
  private final People people;
  private final Providers providers;

  LinkedAccounts(Database database, People people, Providers providers) {
    this.database = database;
    this.people = people;
    this.providers = providers;
  }

  List<AccountView> of(Principal caller) {
    return database.read(sql -> people.accounts().list(sql, caller.userId()));
  }

  /** Gives up a way to sign in, but the last that leads in. */
  void unlink(Principal caller, String id, Client client) {
    database.execute(
        tx -> {
          User user = people.lock(tx, caller);
          List<AccountView> all = people.accounts().list(tx.sql(), user.id());
          boolean another =
              all.stream().filter(one -> !one.id().equals(id)).anyMatch(this::leadsIn);
          if (all.size() == 1 || !another) {
            throw PasswordRules.invalid(
                "failed-to-unlink-last-account", "You can't unlink your last account");
          }
          AccountView account =
              all.stream()
                  .filter(one -> one.id().equals(id))
                  .findFirst()
                  .orElseThrow(SocialAccess::notFound);
          people.accounts().delete(tx, account.id());
          people.tell(
              tx,
              user,
              AuditLog.Act.of("account-unlinked", user.id(), client)
                  .target("provider", account.providerId()),
              name(account) + " was removed");
        });
  }

  /** A provider that is not configured any more lets nobody in. */
  private boolean leadsIn(AccountView account) {
    return account.providerId().equals(SocialAccount.CREDENTIAL)
        || providers.find(account.providerId()).isPresent();
  }

  private String name(AccountView account) {
    return account.providerId().equals(SocialAccount.CREDENTIAL)
        ? "Signing in with a password"
        : "Signing in with "
            + providers
                .find(account.providerId())
                .map(SocialProvider::name)
                .orElse(account.providerId());
  }
}
