package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.ACCOUNTS;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.AccountsRecord;
import java.time.Instant;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;

/** Those rows of the table of accounts that are at providers. */
final class SocialAccountStore {

  /** Nobody else makes, changes or removes this identity before the transaction ends. */
  Optional<SocialAccount> lock(Tx tx, String issuer, String subject) {
    tx.exclusive("identity " + issuer + " " + subject);
    return tx.locking(
            tx.sql()
                .selectFrom(ACCOUNTS)
                .where(ACCOUNTS.ISSUER.eq(issuer))
                .and(ACCOUNTS.ACCOUNT_ID.eq(subject)))
        .fetchOptional(SocialAccountStore::account);
  }

  /** Whether a user has an account at this issuer already. */
  boolean hasIssuer(DSLContext sql, String userId, String issuer) {
    return sql.fetchExists(
        sql.selectFrom(ACCOUNTS)
            .where(ACCOUNTS.USER_ID.eq(userId))
            .and(ACCOUNTS.ISSUER.eq(issuer)));
  }

  Optional<SocialAccount> find(DSLContext sql, String userId, String id) {
    return sql.selectFrom(ACCOUNTS)
        .where(ACCOUNTS.USER_ID.eq(userId))
        .and(ACCOUNTS.ID.eq(id))
        .fetchOptional(SocialAccountStore::account);
  }

  private static SocialAccount account(AccountsRecord row) {
    return new SocialAccount(
        row.getId(),
        row.getUserId(),
        row.getProviderId(),
        row.getIssuer(),
        row.getAccountId(),
        new SocialAccount.Sealed(
            Optional.ofNullable(row.getAccessToken()),
            Optional.ofNullable(row.getRefreshToken()),
            Optional.ofNullable(row.getIdToken()),
            Optional.ofNullable(row.getAccessTokenExpiresAt()),
            Optional.ofNullable(row.getRefreshTokenExpiresAt()),
            Optional.ofNullable(row.getScope())));
  }

  void insert(Tx tx, SocialAccount account, Instant now) {
    AccountsRecord row = new AccountsRecord();
    row.setId(account.id());
    row.setUserId(account.userId());
    row.setProviderId(account.providerId());
    row.setIssuer(account.issuer());
    row.setAccountId(account.subject());
    row.setCreatedAt(now);
    row.setUpdatedAt(now);
    tx.sql().insertInto(ACCOUNTS).set(row).execute();
    setTokens(tx, account.id(), account.providerId(), account.sealed(), now);
  }

  /** New tokens; whoever asks for others at this moment has asked in vain. */
  void setTokens(Tx tx, String id, String providerId, SocialAccount.Sealed sealed, Instant now) {
    tx.sql()
        .update(ACCOUNTS)
        .set(ACCOUNTS.PROVIDER_ID, providerId)
        .set(ACCOUNTS.ACCESS_TOKEN, sealed.access().orElse(null))
        .set(ACCOUNTS.REFRESH_TOKEN, sealed.refresh().orElse(null))
        .set(ACCOUNTS.ID_TOKEN, sealed.idToken().orElse(null))
        .set(ACCOUNTS.ACCESS_TOKEN_EXPIRES_AT, sealed.accessExpires().orElse(null))
        .set(ACCOUNTS.REFRESH_TOKEN_EXPIRES_AT, sealed.refreshExpires().orElse(null))
        .set(ACCOUNTS.SCOPE, sealed.scope().orElse(null))
        .setNull(ACCOUNTS.REFRESH_CLAIM)
        .setNull(ACCOUNTS.REFRESH_CLAIM_ENDS_AT)
        .set(ACCOUNTS.UPDATED_AT, now)
        .where(ACCOUNTS.ID.eq(id))
        .execute();
  }

  /** Whether nobody asks the provider for new tokens. */
  boolean isFree(DSLContext sql, String id, Instant now) {
    return sql.fetchExists(ACCOUNTS, ACCOUNTS.ID.eq(id).and(isFree(now)));
  }

  private static Condition isFree(Instant now) {
    return ACCOUNTS.REFRESH_CLAIM.isNull().or(ACCOUNTS.REFRESH_CLAIM_ENDS_AT.le(now));
  }

  /**
   * Takes the turn to ask the provider for new tokens.
   *
   * @return false if it is somebody else's, or the tokens are not what they were
   */
  boolean claim(Tx tx, SocialAccount seen, String claim, Instant now, Instant ends) {
    return tx.sql()
            .update(ACCOUNTS)
            .set(ACCOUNTS.REFRESH_CLAIM, claim)
            .set(ACCOUNTS.REFRESH_CLAIM_ENDS_AT, ends)
            .where(ACCOUNTS.ID.eq(seen.id()))
            .and(ACCOUNTS.ACCESS_TOKEN.eq(seen.sealed().access().orElse("")))
            .and(isFree(now))
            .execute()
        == 1;
  }

  /** Gives the turn back; false if it has been lost. */
  boolean release(Tx tx, String id, String claim) {
    return tx.sql()
            .update(ACCOUNTS)
            .setNull(ACCOUNTS.REFRESH_CLAIM)
            .setNull(ACCOUNTS.REFRESH_CLAIM_ENDS_AT)
            .where(ACCOUNTS.ID.eq(id))
            .and(ACCOUNTS.REFRESH_CLAIM.eq(claim))
            .execute()
        == 1;
  }

  /** The refresh token is worth nothing any more. */
  void dropRefreshToken(Tx tx, String id, Instant now) {
    tx.sql()
        .update(ACCOUNTS)
        .setNull(ACCOUNTS.REFRESH_TOKEN)
        .setNull(ACCOUNTS.REFRESH_TOKEN_EXPIRES_AT)
        .set(ACCOUNTS.UPDATED_AT, now)
        .where(ACCOUNTS.ID.eq(id))
        .execute();
  }
}
