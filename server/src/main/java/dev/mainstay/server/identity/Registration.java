package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.organization.BuiltInRole;
import dev.mainstay.server.organization.Organizations;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes users, each with an organization of their own. */
final class Registration {
  private static final String PERSONAL = "Personal";

  private final InstantSource clock;
  private final UserStore users;
  private final Organizations organizations;
  private final AuditLog audit;
  private final SignUpMode mode;

  Registration(
      InstantSource clock,
      UserStore users,
      Organizations organizations,
      AuditLog audit,
      SignUpMode mode) {
    this.clock = clock;
    this.users = users;
    this.organizations = organizations;
    this.audit = audit;
    this.mode = mode;
  }

  /** Somebody who comes by themselves. */
  record Newcomer(String email, boolean verified, String name, @Nullable String image) {}

  /** Whether an address may get an account without an administrator. */
  boolean isOpenTo(Tx tx, String email) {
    return switch (mode) {
      case OPEN -> true;
      case INVITED -> organizations.isInvited(tx, email, clock.instant());
      case CLOSED -> false;
    };
  }

  /** Refuses all where nobody comes by themselves. */
  void requireOpen() {
    if (mode == SignUpMode.CLOSED) {
      throw ProblemException.of(
          "email-password-sign-up-disabled",
          "Sign-up is closed",
          400,
          "This server's administrators make its users");
    }
  }

  /** The user as they would be, for an answer that does not tell whether they are there already. */
  User drawn(Newcomer newcomer) {
    Instant now = clock.instant();
    return new User(
        Ids.next(),
        Ids.next(),
        newcomer.name(),
        Optional.of(newcomer.email()),
        newcomer.verified(),
        newcomer.image(),
        User.USER,
        false,
        User.Ban.NONE,
        now,
        now);
  }

  /** Makes a user. The caller has made sure, under a lock on the address, that there is none. */
  User create(Tx tx, Newcomer newcomer, Client client) {
    User user = drawn(newcomer);
    insert(tx, user);
    audit.record(tx, AuditLog.Act.of("user-created", user.id(), client));
    if (newcomer.verified()) {
      organizations.addressProved(tx, user.id(), newcomer.email(), client);
    }
    return user;
  }

  private void insert(Tx tx, User user) {
    Instant now = user.createdAt();
    organizations.create(tx, user.organizationId(), PERSONAL, user.organizationId(), now);
    users.insert(tx, user);
    organizations.addMember(tx, user.organizationId(), user.id(), BuiltInRole.OWNER.id(), now);
  }

  /** Makes the instance's first user, who owns it. */
  void createOwner(Tx tx) {
    Instant now = clock.instant();
    String organization = Ids.next();
    organizations.create(tx, organization, "Default", "default", now);
    User owner =
        new User(
            Ids.next(),
            organization,
            "Owner",
            Optional.empty(),
            false,
            null,
            User.ADMIN,
            false,
            User.Ban.NONE,
            now,
            now);
    users.insert(tx, owner);
    organizations.addMember(tx, organization, owner.id(), BuiltInRole.OWNER.id(), now);
  }

  /** Keeps others from making a user with this address before the transaction ends. */
  static void reserve(Tx tx, String email) {
    tx.exclusive("email " + email);
  }
}
