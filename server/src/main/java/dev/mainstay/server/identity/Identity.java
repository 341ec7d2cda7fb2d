package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.organization.ActiveOrganizations;
import dev.mainstay.server.organization.Organizations;
import dev.mainstay.server.organization.Users;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Authenticator;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Page;
import dev.mainstay.server.platform.http.Permission;
import dev.mainstay.server.platform.http.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jooq.DSLContext;

/** Who may come in: API keys, sessions, one-time sign-in links. Only hashes of them are stored. */
public final class Identity implements Authenticator {
  static final String KEY_PREFIX = "ms_";
  private static final int SHOWN_PREFIX = 9;
  private static final Duration LINK_LIFE = Duration.ofHours(1);

  /** The last use of a key is written at most this often. */
  private static final Duration TOUCH_INTERVAL = Duration.ofMinutes(1);

  private static final int MAX_TOUCHED = 10_000;

  /** Ids in one statement. */
  private static final int MAX_IDS = 500;

  private final Database database;
  private final InstantSource clock;
  private final AuditLog audit;
  private final Organizations organizations;
  private final UserStore users = new UserStore();
  private final KeyStore keys = new KeyStore();
  private final SessionStore store = new SessionStore();
  private final Sessions sessions;
  private final Map<String, Instant> touched = new ConcurrentHashMap<>();

  public Identity(
      Database database, InstantSource clock, Organizations organizations, AuditLog audit) {
    this.database = database;
    this.clock = clock;
    this.organizations = organizations;
    this.audit = audit;
    this.sessions = new Sessions(database, clock, store, audit);
  }

  /** For commands on this machine. */
  public Identity(Database database, InstantSource clock) {
    this(database, clock, new Organizations(clock, new AuditLog(clock)), new AuditLog(clock));
  }

  Sessions sessions() {
    return sessions;
  }

  /** The people, for organizations. */
  public Users people() {
    return new OrganizationUsers(users);
  }

  /** Where sessions and keys act, for organizations. */
  public ActiveOrganizations activeOrganizations() {
    return new CredentialOrganizations(store, keys);
  }

  /**
   * Makes the first organization and its owner if there is nobody yet.
   *
   * @return true if it did: this is the instance's first start
   */
  public boolean ensureOwner() {
    if (database.read(users::first).isPresent()) {
      return false;
    }
    return database.write(
        tx -> {
          tx.exclusive("first owner");
          if (users.first(tx.sql()).isPresent()) {
            return false;
          }
          new Registration(clock, users, organizations, audit, SignUpMode.CLOSED).createOwner(tx);
          return true;
        });
  }

  /** The organization of the owner, for whom commands on this machine act. */
  public String ownerOrganization() {
    return database.write(tx -> owner(tx).organizationId());
  }

  /** The token of a link that signs the owner in, once, within an hour. */
  public String createSignInLink() {
    return database.write(tx -> createLink(tx, owner(tx)));
  }

  private String createLink(Tx tx, User user) {
    String token = Ids.secret();
    Instant now = clock.instant();
    store.insertLink(tx, Ids.hash(token), user, now, now.plus(LINK_LIFE));
    audit.record(tx, AuditLog.Act.of("sign-in-link-created", user.id(), Client.COMMAND));
    return token;
  }

  /**
   * Lets the owner in again, and nobody else by what was theirs: ends their sessions, and links
   * that were not used. Their keys stay, since programs depend on them.
   *
   * @return the token of a link, as of {@link #createSignInLink}
   */
  public String resetOwner() {
    return database.write(
        tx -> {
          User owner = owner(tx);
          sessions.endAll(tx, owner.id());
          audit.record(tx, AuditLog.Act.of("owner-reset", owner.id(), Client.COMMAND));
          return createLink(tx, owner);
        });
  }

  /** A key of the owner's, with all scopes but the instance's administration if none are named. */
  public NewApiKey createOwnerKey(String name, List<String> scopes) {
    return database.write(
        tx -> {
          User owner = owner(tx);
          return createKey(
              tx,
              new KeyStore.Owner(owner.organizationId(), owner.id()),
              name,
              scopes.isEmpty() ? Scopes.USUAL : scopes,
              Client.COMMAND);
        });
  }

  NewApiKey createKey(Tx tx, Principal principal, String name, List<String> scopes, Client client) {
    if (!principal.actorId().equals(principal.userId())) {
      throw ProblemException.forbidden(
          "Whoever acts in somebody's name makes no keys, which would outlive that");
    }
    List<String> own = principal.permissions().stream().map(Permission::scope).toList();
    List<String> wanted =
        scopes.isEmpty() ? Scopes.USUAL.stream().filter(own::contains).toList() : scopes;
    if (!own.containsAll(wanted)) {
      throw ProblemException.forbidden("A key cannot have scopes that its maker lacks");
    }
    return createKey(
        tx,
        new KeyStore.Owner(principal.organizationId(), principal.userId()),
        name,
        wanted,
        client);
  }

  private NewApiKey createKey(
      Tx tx, KeyStore.Owner owner, String name, List<String> scopes, Client client) {
    String secret = KEY_PREFIX + Ids.secret();
    ApiKeyView view =
        new ApiKeyView(
            Ids.next(),
            name,
            secret.substring(0, SHOWN_PREFIX),
            Scopes.check(scopes),
            clock.instant(),
            null,
            null);
    keys.insert(tx, view, owner, Ids.hash(secret));
    audit.record(
        tx,
        AuditLog.Act.of("key-created", owner.userId(), client)
            .in(owner.organizationId())
            .target("key", view.id()));
    return new NewApiKey(view, secret);
  }

  private User owner(Tx tx) {
    return users
        .first(tx.sql())
        .orElseThrow(() -> new IllegalStateException("the instance has no owner yet"));
  }

  Page<ApiKeyView> keys(String organizationId, String after, int limit) {
    return database.read(sql -> keys.page(sql, organizationId, after, limit));
  }

  void revokeKey(Principal principal, String id, Client client) {
    database.execute(
        tx -> {
          if (!keys.revoke(tx, principal.organizationId(), id, clock.instant())) {
            throw ProblemException.notFound("key");
          }
          audit.record(
              tx,
              AuditLog.Act.by(principal, "key-revoked", client)
                  .in(principal.organizationId())
                  .target("key", id));
        });
  }

  /** Trades a link's token for a session. */
  Sessions.Opened signInByLink(String token, Client client) {
    return database.write(
        tx -> {
          User user =
              store
                  .takeLink(tx, Ids.hash(token), clock.instant())
                  .flatMap(id -> users.byId(tx.sql(), id))
                  .orElseThrow(
                      () ->
                          ProblemException.of(
                              "link-not-valid",
                              "Link not valid",
                              401,
                              "This sign-in link was used already, or is too old"));
          return sessions.open(tx, user, Sessions.Entry.by("link", client));
        });
  }

  /** Trades an API key for a session with the same scopes that ends with the key. */
  Sessions.Opened signInByKey(String key, Client client) {
    return database.write(
        tx -> {
          Credential credential =
              keys.byHash(tx.sql(), Ids.hash(key), clock.instant())
                  .orElseThrow(
                      () ->
                          ProblemException.of(
                              "key-not-valid", "Key not valid", 401, "There is no such key"));
          return sessions.openByKey(tx, credential, client);
        });
  }

  String userName(String userId) {
    return database
        .read(sql -> users.byId(sql, userId))
        .map(User::name)
        .orElseThrow(ProblemException::unauthorized);
  }

  @Override
  public Optional<Principal> authenticate(String token, boolean byCookie) {
    String hash = Ids.hash(token);
    Instant now = clock.instant();
    Optional<Principal> principal =
        database.read(
            sql ->
                (byCookie ? store.byHash(sql, hash, now) : keys.byHash(sql, hash, now))
                    .map(credential -> credential.principal(permissions(sql, credential))));
    principal.filter(one -> !one.byCookie()).ifPresent(one -> touch(one.credentialId()));
    return principal;
  }

  private Set<Permission> permissions(DSLContext sql, Credential credential) {
    return organizations.permissions(sql, credential.organizationId(), credential.memberRole());
  }

  @Override
  public List<Principal> valid(Set<String> credentialIds) {
    Instant now = clock.instant();
    List<String> all = List.copyOf(credentialIds);
    return database.read(
        sql -> {
          List<Credential> valid = new ArrayList<>();
          for (int from = 0; from < all.size(); from += MAX_IDS) {
            List<String> some = all.subList(from, Math.min(all.size(), from + MAX_IDS));
            valid.addAll(keys.valid(sql, some, now));
            valid.addAll(store.valid(sql, some, now));
          }
          Map<List<String>, Set<Permission>> known = new HashMap<>();
          return valid.stream()
              .map(
                  credential ->
                      credential.principal(
                          known.computeIfAbsent(
                              List.of(credential.organizationId(), credential.memberRole()),
                              role -> permissions(sql, credential))))
              .toList();
        });
  }

  private void touch(String keyId) {
    Instant now = clock.instant();
    Instant last = touched.get(keyId);
    if (last != null && now.isBefore(last.plus(TOUCH_INTERVAL))) {
      return;
    }
    if (touched.size() >= MAX_TOUCHED) {
      touched.clear();
    }
    touched.put(keyId, now);
    database.execute(tx -> keys.touch(tx, keyId, now));
  }
}
