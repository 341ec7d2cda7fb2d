package dev.mainstay.server.platform.http;

import dev.mainstay.server.platform.Tenant;
import java.util.Set;

/**
 * Who makes a request.
 *
 * @param credentialId the key or session that stands behind it
 * @param organizationNamed the request named the organization: it does not follow the one that a
 *     session has active
 * @param actorId who really acts: the user, or the administrator who acts in the user's name
 */
public record Principal(
    String organizationId,
    String userId,
    String credentialId,
    Set<Permission> permissions,
    Kind kind,
    boolean organizationNamed,
    String actorId) {

  /** By what somebody came in. */
  public enum Kind {
    /** A program's key, which it sends itself. */
    KEY,
    /** A session that was opened with a key, or by somebody else in the user's name. */
    LENT_SESSION,
    /** A session that the user has opened. */
    SESSION
  }

  /** For whom work is done that is about the organization alone. */
  public Tenant tenant() {
    return Tenant.of(organizationId);
  }

  /** The browser sent the credential by itself, so the request's origin must be checked. */
  public boolean byCookie() {
    return kind != Kind.KEY;
  }

  /** Whether this is the same caller, who may still do all that they might before. */
  boolean stillIs(Principal before) {
    return organizationId.equals(before.organizationId)
        && permissions.containsAll(before.permissions);
  }

  public boolean may(Permission permission) {
    return switch (permission) {
      case PUBLIC, ANYONE, SIGNED_IN -> true;
      case SESSION -> byCookie();
      case ACCOUNT -> kind == Kind.SESSION;
      case TASKS_READ,
          TASKS_WRITE,
          KEYS_MANAGE,
          QUEUES_READ,
          QUEUES_WRITE,
          QUEUES_OPERATE,
          INSTANCE_ADMIN ->
          permissions.contains(permission);
    };
  }
}
