package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Authenticator;
import dev.mainstay.server.platform.http.Page;
import dev.mainstay.server.platform.http.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who may come in: API keys, sessions, one-time sign-in links. Only hashes of them are stored. */
public final class Identity implements Authenticator {
  static final String KEY_PREFIX = "ms_";
  private static final int SHOWN_PREFIX = 9;
  private static final Duration LINK_LIFE = Duration.ofHours(1);
  static final Duration SESSION_LIFE = Duration.ofDays(30);

  /** The last use of a key is written at most this often. */
  private static final Duration TOUCH_INTERVAL = Duration.ofMinutes(1);

  private static final int MAX_TOUCHED = 10_000;

  private final Database database;
  private final InstantSource clock;
  private final IdentityStore store = new IdentityStore();
  private final Map<String, Instant> touched = new ConcurrentHashMap<>();

  public Identity(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Makes the first organization and its owner if there is nobody yet.
   *
   * @return true if it did: this is the instance's first start
   */
  public boolean ensureOwner() {
    if (database.read(store::firstUser).isPresent()) {
      return false;
    }
    return database.write(
        tx -> {
          tx.exclusive("first owner");
          if (store.firstUser(tx.sql()).isPresent()) {
            return false;
          }
          Instant now = clock.instant();
          String organization = Ids.next();
          store.insertOrganization(tx, organization, "Default", now);
          store.insertUser(tx, new IdentityStore.User(Ids.next(), organization, "Owner"), now);
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

  private String createLink(Tx tx, IdentityStore.User user) {
    String token = Ids.secret();
    Instant now = clock.instant();
    store.insertLink(tx, Ids.hash(token), user, now, now.plus(LINK_LIFE));
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
          IdentityStore.User owner = owner(tx);
          store.deleteSessionsAndLinks(tx, owner.id());
          return createLink(tx, owner);
        });
  }

  /** A key of the owner's, with all scopes if none are named. */
  public NewApiKey createOwnerKey(String name, List<String> scopes) {
    return database.write(tx -> createKey(tx, owner(tx), name, scopes));
  }

  NewApiKey createKey(Tx tx, Principal principal, String name, List<String> scopes) {
    List<String> wanted = scopes.isEmpty() ? Scopes.ALL : scopes;
    List<String> own =
        principal.permissions().stream().map(permission -> permission.scope()).toList();
    if (!own.containsAll(wanted)) {
      throw ProblemException.forbidden("A key cannot have scopes that its maker lacks");
    }
    IdentityStore.User user =
        store.user(tx.sql(), principal.userId()).orElseThrow(ProblemException::unauthorized);
    return createKey(tx, user, name, wanted);
  }

  private NewApiKey createKey(Tx tx, IdentityStore.User owner, String name, List<String> scopes) {
    String secret = KEY_PREFIX + Ids.secret();
    ApiKeyView view =
        new ApiKeyView(
            Ids.next(),
            name,
            secret.substring(0, SHOWN_PREFIX),
            scopes.isEmpty() ? Scopes.ALL : Scopes.check(scopes),
            clock.instant(),
            null,
            null);
    store.insertKey(tx, view, owner, Ids.hash(secret));
    return new NewApiKey(view, secret);
  }

  private IdentityStore.User owner(Tx tx) {
    return store
        .firstUser(tx.sql())
        .orElseThrow(() -> new IllegalStateException("the instance has no owner yet"));
  }

  Page<ApiKeyView> keys(String organizationId, String after, int limit) {
    return database.read(sql -> store.keys(sql, organizationId, after, limit));
  }

  void revokeKey(String organizationId, String id) {
    boolean revoked =
        database.write(tx -> store.revokeKey(tx, organizationId, id, clock.instant()));
    if (!revoked) {
      throw ProblemException.notFound("key");
    }
  }

  /**
   * From where somebody signs in.
   *
   * @param userAgent what the browser calls itself
   */
  record Client(String ipAddress, String userAgent) {
    private static final int MAX_USER_AGENT = 300;

    Client {
      userAgent = userAgent.substring(0, Math.min(userAgent.length(), MAX_USER_AGENT));
    }
  }

  /** Trades a link's token for a session's. */
  String signInByLink(String token, Client client) {
    return database.write(
        tx -> {
          String userId =
              store
                  .takeLink(tx, Ids.hash(token), clock.instant())
                  .orElseThrow(
                      () ->
                          ProblemException.of(
                              "link-not-valid",
                              "Link not valid",
                              401,
                              "This sign-in link was used already, or is too old"));
          IdentityStore.User user = store.user(tx.sql(), userId).orElseThrow();
          return openSession(tx, user, Scopes.write(Scopes.ALL), Optional.empty(), client);
        });
  }

  /** Trades an API key for a session with the same scopes that ends with the key. */
  String signInByKey(String key, Client client) {
    return database.write(
        tx -> {
          IdentityStore.Credential credential =
              store
                  .keyByHash(tx.sql(), Ids.hash(key))
                  .orElseThrow(
                      () ->
                          ProblemException.of(
                              "key-not-valid", "Key not valid", 401, "There is no such key"));
          IdentityStore.User user = store.user(tx.sql(), credential.userId()).orElseThrow();
          return openSession(tx, user, credential.scopes(), Optional.of(credential.id()), client);
        });
  }

  private String openSession(
      Tx tx, IdentityStore.User user, String scopes, Optional<String> apiKeyId, Client client) {
    String token = Ids.secret();
    Instant now = clock.instant();
    store.insertSession(
        tx,
        new IdentityStore.NewSession(
            Ids.next(), Ids.hash(token), scopes, apiKeyId, client, now.plus(SESSION_LIFE)),
        user,
        now);
    return token;
  }

  void signOut(String sessionId) {
    database.execute(tx -> store.deleteSession(tx, sessionId));
  }

  /** The sessions that a session may see: all of its user, or those of the key that opened it. */
  List<SessionView> sessions(Principal session) {
    return database.read(
        sql -> store.sessions(sql, session.userId(), session.credentialId(), clock.instant()));
  }

  /** Ends one of {@link #sessions}, if it is there. */
  void revokeSession(Principal session, String id) {
    database.execute(tx -> store.deleteSession(tx, session.userId(), session.credentialId(), id));
  }

  /** Ends all of {@link #sessions} but the one that asks. */
  void revokeOtherSessions(Principal session) {
    database.execute(tx -> store.deleteOtherSessions(tx, session.userId(), session.credentialId()));
  }

  /** Ends all of {@link #sessions}. */
  void revokeSessions(Principal session) {
    database.execute(
        tx -> {
          store.deleteOtherSessions(tx, session.userId(), session.credentialId());
          store.deleteSession(tx, session.credentialId());
        });
  }

  String userName(String userId) {
    return database
        .read(sql -> store.user(sql, userId))
        .map(IdentityStore.User::name)
        .orElseThrow(ProblemException::unauthorized);
  }

  @Override
  public Optional<Principal> authenticate(String token, boolean byCookie) {
    String hash = Ids.hash(token);
    if (byCookie) {
      return database
          .read(sql -> store.sessionByHash(sql, hash, clock.instant()))
          .map(session -> principal(session, true));
    }
    Optional<IdentityStore.Credential> key = database.read(sql -> store.keyByHash(sql, hash));
    key.ifPresent(credential -> touch(credential.id()));
    return key.map(credential -> principal(credential, false));
  }

  @Override
  public Set<String> valid(Set<String> credentialIds) {
    return database.read(sql -> store.valid(sql, credentialIds, clock.instant()));
  }

  private static Principal principal(IdentityStore.Credential credential, boolean byCookie) {
    return new Principal(
        credential.organizationId(),
        credential.userId(),
        credential.id(),
        Scopes.permissions(credential.scopes()),
        byCookie);
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
    database.execute(tx -> store.touchKey(tx, keyId, now));
  }
}
