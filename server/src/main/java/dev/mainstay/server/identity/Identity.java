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
import org.jooq.DSLContext;

/** Who may come in: API keys, sessions, one-time sign-in links. Only hashes of them are stored. */
public final class Identity implements Authenticator {
  private static final Duration LINK_LIFE = Duration.ofHours(1);

  /** Ids in one statement. */
  private static final int MAX_IDS = 500;

  private final Database database;
  private final InstantSource clock;
  private final AuditLog audit;
  private final Organizations organizations;
  private final UserStore users = new UserStore();
  private final KeyStore keyStore = new KeyStore();
  private final KeyCredentialStore keyCredentials = new KeyCredentialStore();
  private final SessionCredentialStore sessionCredentials = new SessionCredentialStore();
  private final SessionStore store = new SessionStore();
  private final Sessions sessions;
  private final KeyUses uses;
  private final SessionUses sessionUses;
  private final Keys keys;
  private final KeyRotation rotation;
  private final NamedOrganization named;

  public Identity(
      Database database, InstantSource clock, Organizations organizations, AuditLog audit) {
    this.database = database;
    this.clock = clock;
    this.organizations = organizations;
    this.named = new NamedOrganization(database, organizations);
    this.audit = audit;
    this.sessions = new Sessions(database, clock, store, audit);
    this.sessionUses = new SessionUses(sessions, clock);
    this.uses = new KeyUses(database, clock, keyCredentials);
    this.keys = new Keys(database, clock, audit, organizations, keyStore, sessions, uses);
    this.rotation = new KeyRotation(clock, audit, keyStore, keys.maker());
  }

  /** For commands on this machine. */
  public Identity(Database database, InstantSource clock) {
    this(
        database,
        clock,
        new Organizations(clock, new AuditLog(clock), (tx, organizationId) -> {}),
        new AuditLog(clock));
  }

  Sessions sessions() {
    return sessions;
  }

  Keys keys() {
    return keys;
  }

  KeyRotation rotation() {
    return rotation;
  }

  /** The people, for organizations. */
  public Users people() {
    return new OrganizationUsers(users);
  }

  /** Where sessions and keys act, for organizations. */
  public ActiveOrganizations activeOrganizations() {
    return new CredentialOrganizations(store, keyStore);
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

  /** Whether the owner has ever signed in: until then nobody can use the studio. */
  public boolean ownerHasSignedIn() {
    return database.read(users::firstHasSignedIn);
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
    KeyDraft draft = KeyDraft.of(name, scopes, Optional.empty());
    return database.write(tx -> keys.create(tx, ownerOfKeys(tx), draft, Client.COMMAND).view());
  }

  /** The keys of the owner's organization. */
  public Page<ApiKeyView> ownerKeys(String after, int limit) {
    return keys.page(ownerOrganization(), after, limit);
  }

  /** Ends a key of the owner's organization. */
  public void revokeOwnerKey(String id) {
    KeyOwner owner = database.write(this::ownerOfKeys);
    keys.revoke(
        owner.organizationId(), id, AuditLog.Act.of("key-revoked", owner.userId(), Client.COMMAND));
  }

  /**
   * Puts a new key in the place of one of the owner's organization.
   *
   * @param overlap for how long the old one goes on
   */
  public NewApiKey rotateOwnerKey(String id, Duration overlap) {
    return database.write(
        tx -> rotation.rotate(tx, ownerOfKeys(tx), id, overlap, Client.COMMAND).view());
  }

  private KeyOwner ownerOfKeys(Tx tx) {
    User owner = owner(tx);
    return new KeyOwner(owner.organizationId(), owner.id(), false);
  }

  private User owner(Tx tx) {
    return users
        .first(tx.sql())
        .orElseThrow(() -> new IllegalStateException("the instance has no owner yet"));
  }

  /** Trades a link's token for a session. */
  Sessions.Opened signInByLink(String token, Client client) {
    return database.write(
        tx -> {
          User user =
              store
                  .takeLink(tx, Ids.hash(token), clock.instant())
                  .flatMap(id -> users.byId(tx, id))
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
          KeyInUse found =
              keyCredentials
                  .byHash(tx, Ids.hash(key), clock.instant())
                  .orElseThrow(
                      () ->
                          ProblemException.of(
                              "key-not-valid", "Key not valid", 401, "There is no such key"));
          if (found.organizations() || found.limits().any()) {
            throw ProblemException.of(
                "key-opens-no-session",
                "Not allowed",
                403,
                "A key of an organization, or one with limits, opens no session");
          }
          return sessions.openByKey(tx, found.credential(), client);
        });
  }

  /** Empty for who has gone: an organization's key is still there. */
  String userName(String userId) {
    return users.byId(database, userId).map(User::name).orElse("");
  }

  @Override
  public Optional<Principal> authenticate(
      String token, boolean byCookie, Optional<String> organization) {
    String hash = Ids.hash(token);
    Instant now = clock.instant();
    return byCookie
        ? sessionCredentials
            .byHash(database, hash, now)
            .map(session -> principal(named.in(session, organization)))
        : byKey(hash, organization, now);
  }

  @Override
  public Optional<Duration> prolong(Principal session) {
    return sessionUses.used(session);
  }

  @Override
  public void requireFresh(Principal session) {
    sessions.requireFresh(session);
  }

  private Optional<Principal> byKey(String hash, Optional<String> organization, Instant now) {
    Optional<KeyInUse> found = keyCredentials.byHash(database, hash, now);
    // Before its uses are counted: a caller who may do nothing has not used it.
    Optional<Principal> caller =
        found.map(key -> principal(named.in(key.credential(), organization)));
    return found.filter(uses::take).isPresent() ? caller : Optional.empty();
  }

  private Principal principal(Credential credential) {
    return credential.principal(
        organizations
            .builtInPermissions(credential.memberRole())
            .orElseGet(() -> database.read(sql -> permissions(sql, credential))));
  }

  private Set<Permission> permissions(DSLContext sql, Credential credential) {
    return organizations.permissions(sql, credential.organizationId(), credential.memberRole());
  }

  @Override
  public Map<Principal, Principal> current(Set<Principal> callers) {
    Instant now = clock.instant();
    List<String> all = callers.stream().map(Principal::credentialId).distinct().toList();
    return database.read(
        sql -> {
          List<Credential> valid = new ArrayList<>();
          for (int from = 0; from < all.size(); from += MAX_IDS) {
            List<String> some = all.subList(from, Math.min(all.size(), from + MAX_IDS));
            valid.addAll(keyCredentials.valid(sql, some, now));
            valid.addAll(sessionCredentials.valid(sql, some, now));
          }
          Map<List<String>, Set<Permission>> known = new HashMap<>();
          Map<Principal, Principal> current = new HashMap<>();
          named
              .stillThere(sql, callers, valid)
              .forEach(
                  (caller, credential) ->
                      current.put(
                          caller,
                          credential.principal(
                              known.computeIfAbsent(
                                  List.of(credential.organizationId(), credential.memberRole()),
                                  role -> permissions(sql, credential)))));
          return current;
        });
  }
}
