package dev.mainstay.server.identity;

import static dev.mainstay.server.schema.Tables.OAUTH_STATES;

import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.OauthStatesRecord;
import java.time.Instant;
import java.util.Optional;

/** The table of who is on the way to a provider; verifier and nonce are sealed there. */
final class SocialStateStore {

  void insert(
      Tx tx, String hash, String browserHash, SocialState state, Instant now, Instant expires) {
    tx.sql().deleteFrom(OAUTH_STATES).where(OAUTH_STATES.EXPIRES_AT.le(now)).execute();
    tx.sql()
        .insertInto(OAUTH_STATES)
        .set(OAUTH_STATES.STATE_HASH, hash)
        .set(OAUTH_STATES.BROWSER_HASH, browserHash)
        .set(OAUTH_STATES.PROVIDER_ID, state.providerId())
        .set(OAUTH_STATES.ISSUER, state.issuer())
        .set(OAUTH_STATES.USER_ID, state.link().map(SocialState.Link::userId).orElse(null))
        .set(OAUTH_STATES.SESSION_ID, state.link().map(SocialState.Link::sessionId).orElse(null))
        .set(OAUTH_STATES.CODE_VERIFIER, state.verifier())
        .set(OAUTH_STATES.NONCE, state.nonce())
        .set(OAUTH_STATES.CALLBACK_URL, state.targets().callback())
        .set(OAUTH_STATES.ERROR_URL, state.targets().error().orElse(null))
        .set(OAUTH_STATES.NEW_USER_URL, state.targets().newUser().orElse(null))
        .set(OAUTH_STATES.CREATED_AT, now)
        .set(OAUTH_STATES.EXPIRES_AT, expires)
        .execute();
  }

  /** Another browser, or an answer at another provider's address, uses nothing up. */
  Optional<SocialState> take(
      Tx tx, String hash, String browserHash, String providerId, Instant now) {
    return tx.sql()
        .deleteFrom(OAUTH_STATES)
        .where(OAUTH_STATES.STATE_HASH.eq(hash))
        .and(OAUTH_STATES.BROWSER_HASH.eq(browserHash))
        .and(OAUTH_STATES.PROVIDER_ID.eq(providerId))
        .and(OAUTH_STATES.EXPIRES_AT.gt(now))
        .returning()
        .fetchOptional(SocialStateStore::state);
  }

  private static SocialState state(OauthStatesRecord row) {
    return new SocialState(
        row.getProviderId(),
        row.getIssuer(),
        Optional.ofNullable(row.getUserId())
            .map(user -> new SocialState.Link(user, row.getSessionId())),
        row.getCodeVerifier(),
        row.getNonce(),
        new SocialState.Targets(
            row.getCallbackUrl(),
            Optional.ofNullable(row.getErrorUrl()),
            Optional.ofNullable(row.getNewUserUrl())));
  }

  void deleteAll(Tx tx, String userId) {
    tx.sql().deleteFrom(OAUTH_STATES).where(OAUTH_STATES.USER_ID.eq(userId)).execute();
  }
}
