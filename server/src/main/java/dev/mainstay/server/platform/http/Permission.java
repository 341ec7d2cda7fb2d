package dev.mainstay.server.platform.http;

import java.util.Arrays;
import java.util.Optional;

/** What an endpoint asks of its caller. The scope of a key or session is the same word. */
public enum Permission {
  /** Anyone, signed in or not. */
  PUBLIC(""),
  /** Anyone who is signed in, whatever the scopes. */
  SIGNED_IN(""),
  /** Anyone who came by a session: a program with a key has none. */
  SESSION(""),
  TASKS_READ("tasks:read"),
  TASKS_WRITE("tasks:write"),
  KEYS_MANAGE("keys:manage"),
  QUEUES_READ("queues:read"),
  /** Adding jobs. */
  QUEUES_WRITE("queues:write"),
  /** All that is done to jobs and queues that are there. */
  QUEUES_OPERATE("queues:operate"),
  /** All that concerns the instance and not one organization. */
  INSTANCE_ADMIN("instance:admin");

  private final String scope;

  Permission(String scope) {
    this.scope = scope;
  }

  public String scope() {
    return scope;
  }

  public static Optional<Permission> ofScope(String scope) {
    return Arrays.stream(values())
        .filter(permission -> !permission.scope.isEmpty() && permission.scope.equals(scope))
        .findFirst();
  }
}
