package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.ACCOUNTS;

import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Tx;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jooq.DSLContext;

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

  /** Sets a password, whether there was one or not. */
  void setPassword(Tx tx, String userId, String hash, Instant now) {
    tx.sql()
        .insertInto(ACCOUNTS)
        .set(ACCOUNTS.ID, Ids.next())
        .set(ACCOUNTS.USER_ID, userId)
        .set(ACCOUNTS.PROVIDER_ID, CREDENTIAL)
        .set(ACCOUNTS.ISSUER, OWN_ISSUER)
        .set(ACCOUNTS.ACCOUNT_ID, userId)
        .set(ACCOUNTS.PASSWORD_HASH, hash)
        .set(ACCOUNTS.CREATED_AT, now)
        .set(ACCOUNTS.UPDATED_AT, now)
        .onConflict(ACCOUNTS.ISSUER, ACCOUNTS.ACCOUNT_ID)
        .doUpdate()
        .set(ACCOUNTS.PASSWORD_HASH, hash)
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

  void deleteAll(Tx tx, String userId) {
    tx.sql().deleteFrom(ACCOUNTS).where(ACCOUNTS.USER_ID.eq(userId)).execute();
  }

  void delete(Tx tx, String id) {
    tx.sql().deleteFrom(ACCOUNTS).where(ACCOUNTS.ID.eq(id)).execute();
  }
}
