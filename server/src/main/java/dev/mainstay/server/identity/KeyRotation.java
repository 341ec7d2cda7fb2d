package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Gives a key a new secret: a new key takes its place, on the same terms, and the old one goes on
 * for a while. What the two may be used is counted together.
 */
final class KeyRotation {
  static final Duration USUAL_OVERLAP = Duration.ofHours(1);

  private final InstantSource clock;
  private final AuditLog audit;
  private final KeyStore store;
  private final KeyMaker maker;

  KeyRotation(InstantSource clock, AuditLog audit, KeyStore store, KeyMaker maker) {
    this.clock = clock;
    this.audit = audit;
    this.store = store;
    this.maker = maker;
  }

  /**
   * Rotates a key of the caller's own, or of the caller's organization. The caller learns the new
   * secret, so they must be able to do all that the key can.
   */
  Keys.Made rotate(Tx tx, Principal principal, String id, Duration overlap, Client client) {
    KeyMaker.requireInPerson(principal);
    ApiKey key = locked(tx, id, principal.organizationId());
    Optional<ApiKey> by = maker.key(tx.sql(), principal);
    boolean itself = by.filter(one -> one.id().equals(id)).isPresent();
    if (!itself) {
      KeyMaker.requireUnlimited(by);
      requireMayHave(tx, principal, key, by);
    }
    return rotate(
        tx,
        key,
        overlap,
        itself ? key.expiresAt() : KeyMaker.end(key.expiresAt(), by),
        AuditLog.Act.by(principal, "key-rotated", client));
  }

  /** For somebody on this machine. */
  Keys.Made rotate(Tx tx, KeyOwner owner, String id, Duration overlap, Client client) {
    ApiKey key = locked(tx, id, owner.organizationId());
    AuditLog.Act act = AuditLog.Act.of("key-rotated", owner.userId(), client);
    return rotate(tx, key, overlap, key.expiresAt(), act);
  }

  private ApiKey locked(Tx tx, String id, String organizationId) {
    return store
        .lock(tx, id)
        .filter(one -> one.owner().organizationId().equals(organizationId))
        .orElseThrow(() -> ProblemException.notFound("key"));
  }

  private void requireMayHave(Tx tx, Principal principal, ApiKey key, Optional<ApiKey> by) {
    boolean byOrganization = by.filter(one -> one.owner().organization()).isPresent();
    boolean own =
        key.owner().organization()
            || (!byOrganization && key.owner().userId().equals(principal.userId()));
    List<String> may = maker.scopes(tx, principal, key.owner());
    if (!own || !may.containsAll(key.scopes())) {
      throw ProblemException.forbidden(
          "Who rotates a key learns its secret: it must be theirs or the organization's, and do"
              + " nothing that they may not");
    }
  }

  private Keys.Made rotate(
      Tx tx, ApiKey old, Duration overlap, @Nullable Instant expiresAt, AuditLog.Act act) {
    Instant now = clock.instant();
    if (old.hasEnded(now) || !old.enabled()) {
      throw ProblemException.conflict(
          "key-not-in-use", "A key that has ended or is switched off is not rotated");
    }
    if (old.rotatedTo() != null) {
      throw ProblemException.conflict(
          "key-is-rotated", "Another key has taken the place of this one already");
    }
    String secret = old.prefix() + Ids.secret();
    ApiKey key =
        new ApiKey(
            Ids.next(),
            old.owner(),
            old.name(),
            old.prefix(),
            Keys.start(old.prefix(), secret),
            old.scopes(),
            true,
            expiresAt,
            old.limits(),
            old.refillAt(),
            old.lastRefillAt(),
            old.metadata(),
            old.id(),
            null,
            now,
            now,
            null,
            null);
    store.insert(tx, key, Ids.hash(secret));
    Instant ends = now.plus(overlap);
    Instant before = old.expiresAt();
    store.rotate(
        tx, old.id(), key.id(), before != null && before.isBefore(ends) ? before : ends, now);
    audit.record(
        tx, act.in(old.owner().organizationId()).target("key", old.id()).detail("to " + key.id()));
    return new Keys.Made(key, secret);
  }
}
