package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.platform.Database;
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
import org.jooq.DSLContext;

/** Opens, lists and ends sessions. */
final class Sessions {
  static final Duration LIFE = Duration.ofDays(30);

  /** Of one that is to end with the browser, which may stay open. */
  private static final Duration SHORT_LIFE = Duration.ofDays(1);

  private static final Duration IMPERSONATION = Duration.ofHours(1);

  /** The end of a session in use is put off at most this often. */
  private static final Duration PROLONG_EVERY = Duration.ofDays(1);

  /** For so long after signing in nobody is asked to prove again who they are. */
  private static final Duration FRESH = Duration.ofDays(1);

  private final Database database;
  private final InstantSource clock;
  private final SessionStore store;
  private final UserStore users = new UserStore();
  private final AuditLog audit;

  Sessions(Database database, InstantSource clock, SessionStore store, AuditLog audit) {
    this.database = database;
    this.clock = clock;
    this.store = store;
    this.audit = audit;
  }

  /**
   * A session that was just opened, or put off.
   *
   * @param token the secret, for the cookie
   */
  record Opened(Session session, String token) {
    /** How long a browser is to keep the cookie; empty: until it is closed. */
    Optional<Duration> cookieLife() {
      return session.remembered()
          ? Optional.of(Duration.between(session.updatedAt(), session.expiresAt()))
          : Optional.empty();
    }
  }

  /**
   * How somebody signed in.
   *
   * @param device the secret of a browser that may be trusted
   * @param known the cookie of {@link KnownDevices}
   */
  record Entry(
      String method,
      Client client,
      boolean remembered,
      Optional<String> device,
      Optional<String> known) {
    static Entry by(String method, Client client) {
      return new Entry(method, client, true, Optional.empty(), Optional.empty());
    }
  }

  /** Opens a session for a user who has proved who they are. */
  Opened open(Tx tx, User user, Entry entry) {
    requireNotBanned(user);
    return open(tx, user.id(), user.organizationId(), Scopes.ANY, Optional.empty(), entry);
  }

  void requireNotBanned(User user) {
    if (user.ban().holds(clock.instant())) {
      throw ProblemException.of(
          "banned-user", "Banned", 403, "This account is banned; ask whoever runs this server");
    }
  }

  /** Gives a session another secret: who had the old one has nothing. */
  Opened rotate(Tx tx, String id) {
    String token = Ids.secret();
    store.setToken(tx, id, Ids.hash(token));
    return new Opened(store.byId(tx, id).orElseThrow(ProblemException::unauthorized), token);
  }

  /**
   * Opens a session in somebody's name. It ends within an hour, with the administrator's own
   * session, and with their right.
   */
  Opened impersonate(Tx tx, User user, Principal admin, Client client) {
    Instant now = clock.instant();
    Session session =
        new Session(
            Ids.next(),
            user.organizationId(),
            Optional.empty(),
            user.id(),
            Scopes.ANY,
            Optional.empty(),
            Optional.of(admin.userId()),
            client,
            false,
            now,
            now,
            now.plus(IMPERSONATION));
    String token = Ids.secret();
    store.insert(tx, session, Ids.hash(token));
    store.setImpersonator(tx, session.id(), admin.credentialId());
    return new Opened(session, token);
  }

  /** The sessions of somebody, the newest first. */
  List<SessionView> of(String userId) {
    return database.read(sql -> of(sql, userId));
  }

  List<SessionView> of(DSLContext sql, String userId) {
    return store.ofUser(sql, userId, clock.instant()).stream()
        .map(one -> SessionView.of(one, ""))
        .toList();
  }

  /** Ends one session, of whomever. */
  Optional<Session> end(Tx tx, String id) {
    Optional<Session> session = store.byId(tx, id);
    store.delete(tx, id);
    return session;
  }

  /** Opens a session that can do what the key can, and ends with it. */
  Opened openByKey(Tx tx, Credential key, Client client) {
    return open(
        tx,
        key.userId(),
        key.organizationId(),
        key.scopes(),
        Optional.of(key.id()),
        Entry.by("key", client));
  }

  private Opened open(
      Tx tx,
      String userId,
      String organizationId,
      String scopes,
      Optional<String> apiKeyId,
      Entry entry) {
    Instant now = clock.instant();
    Session session =
        new Session(
            Ids.next(),
            organizationId,
            Optional.empty(),
            userId,
            scopes,
            apiKeyId,
            Optional.empty(),
            entry.client(),
            entry.remembered(),
            now,
            now,
            now.plus(entry.remembered() ? LIFE : SHORT_LIFE));
    String token = Ids.secret();
    store.insert(tx, session, Ids.hash(token));
    if (apiKeyId.isEmpty()) {
      users.signedIn(tx, userId, now);
    }
    audit.record(tx, AuditLog.Act.of("signed-in", userId, entry.client()).detail(entry.method()));
    return new Opened(session, token);
  }

  /** How long a browser is to keep the cookie of a session that is open already. */
  Optional<Duration> cookieLife(Session session) {
    return session.remembered()
        ? Optional.of(Duration.between(clock.instant(), session.expiresAt()))
        : Optional.empty();
  }

  /** The session that asks. */
  Optional<Session> current(Principal principal) {
    return principal.byCookie() ? store.byId(database, principal.credentialId()) : Optional.empty();
  }

  /** Whether a session of a user's goes on. */
  boolean isOpen(Tx tx, String id, String userId) {
    return store
        .byId(tx, id)
        .filter(session -> session.userId().equals(userId))
        .filter(session -> clock.instant().isBefore(session.expiresAt()))
        .isPresent();
  }

  /** Puts off the end of a session in use; empty if that was done lately. */
  Optional<Opened> prolong(Session session, String token) {
    Instant now = clock.instant();
    if (!session.remembered() || now.isBefore(nextProlonging(session.updatedAt()))) {
      return Optional.empty();
    }
    Instant expires = now.plus(LIFE);
    database.execute(tx -> store.prolong(tx, session.id(), now, expires));
    return Optional.of(
        new Opened(
            new Session(
                session.id(),
                session.organizationId(),
                session.teamId(),
                session.userId(),
                session.scopes(),
                session.apiKeyId(),
                session.impersonatedBy(),
                session.client(),
                session.remembered(),
                session.createdAt(),
                now,
                expires),
            token));
  }

  /** When the end of a session is put off next. */
  static Instant nextProlonging(Instant updatedAt) {
    return updatedAt.plus(PROLONG_EVERY);
  }

  /** True if the user has signed in lately. */
  boolean isFresh(Principal principal) {
    return current(principal)
        .filter(session -> clock.instant().isBefore(session.createdAt().plus(FRESH)))
        .isPresent();
  }

  /** Step-up: refuses who has not signed in lately. */
  void requireFresh(Principal principal) {
    if (!isFresh(principal)) {
      throw ProblemException.of("session-not-fresh", "Sign in again", 403, "Session is not fresh");
    }
  }

  void signOut(String sessionId) {
    database.execute(tx -> store.delete(tx, sessionId));
  }

  /** The sessions that a session may see: all of its user, or those of the key that opened it. */
  List<SessionView> list(Principal session) {
    return database
        .read(sql -> store.visible(sql, session.userId(), session.credentialId(), clock.instant()))
        .stream()
        .map(one -> SessionView.of(one, session.credentialId()))
        .toList();
  }

  /** Ends one of {@link #list}, if it is there. */
  void revoke(Principal session, String id, Client client) {
    database.execute(
        tx -> {
          store.deleteVisible(tx, session.userId(), session.credentialId(), id);
          audit.record(
              tx, AuditLog.Act.by(session, "session-revoked", client).target("session", id));
        });
  }

  /** Ends all of {@link #list} but the one that asks. */
  void revokeOthers(Principal session, Client client) {
    database.execute(tx -> revokeOthers(tx, session, client));
  }

  private void revokeOthers(Tx tx, Principal session, Client client) {
    store.deleteOthers(tx, session.userId(), session.credentialId());
    audit.record(tx, AuditLog.Act.by(session, "sessions-revoked", client));
  }

  /** Ends all of {@link #list}. */
  void revokeAll(Principal session, Client client) {
    database.execute(
        tx -> {
          revokeOthers(tx, session, client);
          store.delete(tx, session.credentialId());
        });
  }

  /** Ends every session of a user. */
  void endAll(Tx tx, String userId) {
    store.deleteAll(tx, userId);
  }
}
