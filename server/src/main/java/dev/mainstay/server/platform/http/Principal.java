package dev.mainstay.server.platform.http;

import java.util.Set;

/**
 * Who makes a request.
 *
 * @param credentialId the key or session that stands behind it
 * @param byCookie the browser sent the credential by itself, so the request's origin must be
 *     checked
 */
public record Principal(
    String organizationId,
    String userId,
    String credentialId,
    Set<Permission> permissions,
    boolean byCookie) {

  public boolean may(Permission permission) {
    return switch (permission) {
      case PUBLIC, SIGNED_IN -> true;
      case SESSION -> byCookie;
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
