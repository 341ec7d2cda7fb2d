package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.ACCOUNTS;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** The table of ways in which people sign in. */
final class AccountStore {
  private static final String CREDENTIAL = SocialAccount.CREDENTIAL;

  /** Stands for this server among the issuers of accounts. */
  private static final String OWN_ISSUER = "local:credential";

  Optional<String> passwordHash(DSLContext sql, String userId) {
    return sql.select(ACCOUNTS.PASSWORD_HASH)
        .from(ACCOUNTS)
        .where(ACCOUNTS.ISSUER.eq(OWN_ISSUER))
        .and(ACCOUNTS.ACCOUNT_ID.eq(userId))
        .fetchOptional(ACCOUNTS.PASSWORD_HASH);
  }

  /** Who has set a user's password; empty if there is none. */
  Optional<PasswordOrigin> passwordOrigin(DSLContext sql, String userId) {
    return sql.select(ACCOUNTS.SET_BY_BROWSER, ACCOUNTS.SET_BY_ADMINISTRATOR)
        .from(ACCOUNTS)
        .where(ACCOUNTS.ISSUER.eq(OWN_ISSUER))
        .and(ACCOUNTS.ACCOUNT_ID.eq(userId))
        .fetchOptional(row -> new PasswordOrigin(Optional.ofNullable(row.value1()), row.value2()));
  }

  /** When the password was set. */
  Optional<Instant> passwordSetAt(DSLContext sql, String userId) {
    return sql.select(ACCOUNTS.UPDATED_AT)
        .from(ACCOUNTS)
        .where(ACCOUNTS.ISSUER.eq(OWN_ISSUER))
        .and(ACCOUNTS.ACCOUNT_ID.eq(userId))
        .fetchOptional(ACCOUNTS.UPDATED_AT);
  }

  /** Sets a password, whether there was one or not. */
  void setPassword(Tx tx, String userId, String hash, PasswordOrigin origin, Instant now) {
    @Nullable String browser = origin.browserHash().orElse(null);
    tx.sql()
        .insertInto(ACCOUNTS)
        .set(ACCOUNTS.ID, Ids.next())
        .set(ACCOUNTS.USER_ID, userId)
        .set(ACCOUNTS.PROVIDER_ID, CREDENTIAL)
        .set(ACCOUNTS.ISSUER, OWN_ISSUER)
        .set(ACCOUNTS.ACCOUNT_ID, userId)
        .set(ACCOUNTS.PASSWORD_HASH, hash)
        .set(ACCOUNTS.SET_BY_BROWSER, browser)
        .set(ACCOUNTS.SET_BY_ADMINISTRATOR, origin.administrator())
        .set(ACCOUNTS.CREATED_AT, now)
        .set(ACCOUNTS.UPDATED_AT, now)
        .onConflict(ACCOUNTS.ISSUER, ACCOUNTS.ACCOUNT_ID)
        .doUpdate()
        .set(ACCOUNTS.PASSWORD_HASH, hash)
        .set(ACCOUNTS.SET_BY_BROWSER, browser)
        .set(ACCOUNTS.SET_BY_ADMINISTRATOR, origin.administrator())
        .set(ACCOUNTS.UPDATED_AT, now)
        .execute();
  }

  List<AccountView> list(DSLContext sql, String userId) {
    return sql.selectFrom(ACCOUNTS)
        .where(ACCOUNTS.USER_ID.eq(userId))
        .orderBy(ACCOUNTS.ID)
        .fetch(
            row ->
                new AccountView(
                    row.getId(),
                    row.getProviderId(),
                    row.getCreatedAt(),
                    row.getUpdatedAt(),
                    row.getAccountId(),
                    row.getUserId(),
                    SocialAccount.scopes(Objects.requireNonNullElse(row.getScope(), ""))));
  }

  void deletePassword(Tx tx, String userId) {
    tx.sql()
        .deleteFrom(ACCOUNTS)
        .where(ACCOUNTS.ISSUER.eq(OWN_ISSUER))
        .and(ACCOUNTS.ACCOUNT_ID.eq(userId))
        .execute();
  }

  /** All accounts of a user at providers. */
  void deleteLinked(Tx tx, String userId) {
    tx.sql()
        .deleteFrom(ACCOUNTS)
        .where(ACCOUNTS.USER_ID.eq(userId))
        .and(ACCOUNTS.ISSUER.ne(OWN_ISSUER))
        .execute();
  }

  void deleteLinkedSince(Tx tx, String userId, Instant since) {
    tx.sql()
        .deleteFrom(ACCOUNTS)
        .where(ACCOUNTS.USER_ID.eq(userId))
        .and(ACCOUNTS.ISSUER.ne(OWN_ISSUER))
        .and(ACCOUNTS.CREATED_AT.ge(since))
        .execute();
  }

  void deleteAll(Tx tx, String userId) {
    tx.sql().deleteFrom(ACCOUNTS).where(ACCOUNTS.USER_ID.eq(userId)).execute();
  }

  void delete(Tx tx, String id) {
    tx.sql().deleteFrom(ACCOUNTS).where(ACCOUNTS.ID.eq(id)).execute();
  }
}
