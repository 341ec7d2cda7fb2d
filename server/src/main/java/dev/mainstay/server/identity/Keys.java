package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.organization.Organizations;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Page;
import dev.mainstay.server.platform.http.Principal;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;

/** Makes, shows, changes and ends API keys. What becomes of rotated ones is {@link KeyRotation}. */
final class Keys {
  /** Of the secret, after its prefix. */
  private static final int SHOWN = 6;

  private final Database database;
  private final InstantSource clock;
  private final AuditLog audit;
  private final KeyStore store;
  private final KeyMaker maker;
  private final KeyUses uses;
  private final Sessions sessions;

  Keys(
      Database database,
      InstantSource clock,
      AuditLog audit,
      Organizations organizations,
      KeyStore store,
      Sessions sessions,
      KeyUses uses) {
    this.database = database;
    this.clock = clock;
    this.audit = audit;
    this.store = store;
    this.sessions = sessions;
    this.maker = new KeyMaker(organizations, store, new SessionStore());
    this.uses = uses;
  }

  /** A key that was just made, and its secret. */
  record Made(ApiKey key, String secret) {
    NewApiKey view() {
      return new NewApiKey(key.view(), secret);
    }
  }

  /** Makes a key of the caller's, or of an organization's whose keys they manage. */
  Made create(Principal principal, Optional<String> organizationId, KeyDraft draft, Client client) {
    return database.write(
        tx ->
            organizationId.isPresent()
                ? createFor(tx, principal, organizationId.get(), draft, client)
                : create(tx, principal, draft, client));
  }

  /** Makes a key of the caller's, or of the organization's if the caller is a key of it. */
  Made create(Tx tx, Principal principal, KeyDraft draft, Client client) {
    KeyMaker.requireInPerson(principal);
    Optional<ApiKey> by = maker.key(tx.sql(), principal);
    KeyMaker.requireUnlimited(by);
    boolean organizations = by.filter(key -> key.owner().organization()).isPresent();
    KeyOwner owner = new KeyOwner(principal.organizationId(), principal.userId(), organizations);
    return create(tx, principal, owner, draft, by, client);
  }

  /** Makes a key that an organization owns. The caller comes in person. */
  Made createFor(Tx tx, Principal principal, String organizationId, KeyDraft draft, Client client) {
    KeyMaker.requireInPerson(principal);
    maker.requireStillManages(tx, organizationId, principal);
    KeyOwner owner = new KeyOwner(organizationId, principal.userId(), true);
    return create(tx, principal, owner, draft, Optional.empty(), client);
  }

  private Made create(
      Tx tx,
      Principal principal,
      KeyOwner owner,
      KeyDraft draft,
      Optional<ApiKey> by,
      Client client) {
    List<String> scopes = KeyMaker.choose(draft.scopes(), maker.scopes(tx, principal, owner));
    @Nullable Instant wanted = draft.life().map(clock.instant()::plus).orElse(null);
    return insert(tx, owner, draft, scopes, KeyMaker.end(wanted, by), client);
  }

  /** Makes a key that somebody on this machine asks for, with whatever scopes. */
  Made create(Tx tx, KeyOwner owner, KeyDraft draft, Client client) {
    List<String> scopes = Scopes.check(draft.scopes().orElse(Scopes.USUAL));
    return insert(
        tx, owner, draft, scopes, draft.life().map(clock.instant()::plus).orElse(null), client);
  }

  private Made insert(
      Tx tx,
      KeyOwner owner,
      KeyDraft draft,
      List<String> scopes,
      @Nullable Instant expiresAt,
      Client client) {
    String secret = draft.prefix() + Ids.secret();
    Instant now = clock.instant();
    ApiKey key =
        new ApiKey(
            Ids.next(),
            owner,
            draft.name(),
            draft.prefix(),
            start(draft.prefix(), secret),
            scopes,
            true,
            expiresAt,
            draft.limits(),
            refillAt(draft.limits(), now),
            null,
            draft.metadata(),
            null,
            null,
            now,
            now,
            null,
            null);
    store.insert(tx, key, Ids.hash(secret));
    audit.record(
        tx,
        AuditLog.Act.of("key-created", owner.userId(), client)
            .in(owner.organizationId())
            .target("key", key.id()));
    return new Made(key, secret);
  }

  static String start(String prefix, String secret) {
    return secret.substring(0, prefix.length() + SHOWN);
  }

  static @Nullable Instant refillAt(KeyLimits limits, Instant now) {
    Long interval = limits.refillInterval();
    return interval == null ? null : now.plusMillis(interval);
  }

  Page<ApiKeyView> page(String organizationId, String after, int limit) {
    return database.read(sql -> store.page(sql, organizationId, after, limit));
  }

  /** Ends a key of the caller's organization, whoever made it. */
  void revoke(String organizationId, String id, AuditLog.Act act) {
    database.execute(
        tx -> {
          ApiKey key =
              store
                  .lock(tx, id)
                  .filter(one -> one.owner().organizationId().equals(organizationId))
                  .orElseThrow(() -> ProblemException.notFound("key"));
          end(tx, key, act);
        });
  }

  private void end(Tx tx, ApiKey key, AuditLog.Act act) {
    store.revoke(tx, key.id(), clock.instant());
    audit.record(tx, act.in(key.owner().organizationId()).target("key", key.id()));
  }

  /** A part of a list, and how long the whole is. */
  record Found(List<ApiKey> keys, int total) {}

  Found list(Principal principal, KeyStore.Query query) {
    return database.read(
        sql -> {
          if (query.of().organization()) {
            maker.requireManages(sql, query.of().organizationId(), principal);
          }
          return new Found(store.list(sql, query), store.count(sql, query));
        });
  }

  /**
   * One of the caller's keys, or of an organization's whose keys they manage.
   *
   * @param organizations whether it must be an organization's; empty: either
   */
  ApiKey get(Principal principal, String id, Optional<Boolean> organizations) {
    return database.read(sql -> seen(sql, store.find(sql, id), principal, organizations));
  }

  private ApiKey seen(
      DSLContext sql,
      Optional<ApiKey> found,
      Principal principal,
      Optional<Boolean> organizations) {
    ApiKey key =
        found
            .filter(
                one ->
                    organizations.orElse(one.owner().organization()) == one.owner().organization())
            .filter(one -> isVisible(sql, one.owner(), principal))
            .orElseThrow(KeyRefusal.KEY_NOT_FOUND::problem);
    if (key.owner().organization()) {
      maker.requireManages(sql, key.owner().organizationId(), principal);
    }
    return key;
  }

  private boolean isVisible(DSLContext sql, KeyOwner owner, Principal principal) {
    return owner.organization()
        ? maker.isMember(sql, owner.organizationId(), principal)
        : owner.userId().equals(principal.userId());
  }

  private ApiKey locked(Tx tx, Principal principal, String id, Optional<Boolean> organizations) {
    // The members first, as everywhere: who waits for the row must not hold what its holder wants.
    store
        .find(tx.sql(), id)
        .filter(key -> key.owner().organization())
        .filter(key -> maker.isMember(tx.sql(), key.owner().organizationId(), principal))
        .ifPresent(key -> maker.requireStillManages(tx, key.owner().organizationId(), principal));
    return seen(tx.sql(), store.lock(tx, id), principal, organizations);
  }

  /**
   * Changes a key. Making it weaker needs less than making it stronger.
   *
   * @param scopes what is asked for, if anything
   * @param change makes of what the key has what it shall have; the scopes are set already
   */
  ApiKey update(
      Principal principal,
      String id,
      Optional<Boolean> organizations,
      Optional<List<String>> scopes,
      UnaryOperator<ApiKey.Change> change,
      Client client) {
    return database.write(
        tx -> {
          ApiKey key = locked(tx, principal, id, organizations);
          Instant now = clock.instant();
          List<String> granted =
              scopes.isEmpty()
                  ? key.scopes()
                  : KeyMaker.choose(scopes, maker.scopes(tx, principal, key.owner()));
          ApiKey changed =
              key.with(
                  change.apply(
                      new ApiKey.Change(
                          key.name(),
                          granted,
                          key.enabled(),
                          key.expiresAt(),
                          key.limits(),
                          key.refillAt(),
                          key.metadata())),
                  now);
          if (KeyStrength.grows(key, changed)) {
            requireMayStrengthen(tx, principal, changed);
          }
          store.update(tx, changed);
          audit.record(
              tx,
              AuditLog.Act.by(principal, "key-updated", client)
                  .in(key.owner().organizationId())
                  .target("key", id));
          return changed;
        });
  }

  /** Whoever makes a key stronger must be able to make such a key, and is asked as then. */
  private void requireMayStrengthen(Tx tx, Principal principal, ApiKey changed) {
    KeyMaker.requireInPerson(principal);
    sessions.requireFresh(principal);
    if (!maker.scopes(tx, principal, changed.owner()).containsAll(changed.scopes())) {
      throw ProblemException.forbidden(
          "Who makes a key stronger must be able to do all that it can");
    }
  }

  void delete(Principal principal, String id, Optional<Boolean> organizations, Client client) {
    database.execute(
        tx ->
            end(
                tx,
                locked(tx, principal, id, organizations),
                AuditLog.Act.by(principal, "key-revoked", client)));
  }

  /** Requests in the window that runs. */
  long requestCount(ApiKey key) {
    return uses.count(key);
  }

  KeyMaker maker() {
    return maker;
  }
}
