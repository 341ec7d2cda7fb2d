package dev.mainstay.server.platform.http;

import java.util.Arrays;
import java.util.Optional;

/** What an endpoint asks of its caller. The scope of a key or session is the same word. */
public enum Permission {
  /** Anyone, signed in or not. */
  PUBLIC(""),
  /** Anyone; who is signed in is known, and who is not is nobody. */
  ANYONE(""),
  /** Anyone who is signed in, whatever the scopes. */
  SIGNED_IN(""),
  /** Anyone who came by a session: a program with a key has none. */
  SESSION(""),
  /** The user in person: by a session that they opened themselves, not by a key or another one. */
  ACCOUNT(""),
  TASKS_READ("tasks:read"),
  TASKS_WRITE("tasks:write"),
  KEYS_MANAGE("keys:manage"),
  QUEUES_READ("queues:read"),
  /** Adding jobs. */
  QUEUES_WRITE("queues:write"),
  /** All that is done to jobs and queues that are there. */
  QUEUES_OPERATE("queues:operate"),
  /**
   * All users, organizations and mails of the instance. A key has it only if that was asked for.
   */
  INSTANCE_ADMIN("instance:admin");

  private final String scope;

  Permission(String scope) {
    this.scope = scope;
  }

  public String scope() {
    return scope;
  }

  /**
   * True if a browser may come without a program that knows the API: then a body must say that it
   * is JSON, which no form of another site can.
   */
  boolean isForBrowsers() {
    return switch (this) {
      case PUBLIC, ANYONE, SESSION, ACCOUNT -> true;
      case SIGNED_IN,
          TASKS_READ,
          TASKS_WRITE,
          KEYS_MANAGE,
          QUEUES_READ,
          QUEUES_WRITE,
          QUEUES_OPERATE,
          INSTANCE_ADMIN ->
          false;
    };
  }

  /** True if it is about what belongs to the caller's organization, and nothing else. */
  public boolean isOfOrganization() {
    return switch (this) {
      case TASKS_READ, TASKS_WRITE, KEYS_MANAGE, QUEUES_READ, QUEUES_WRITE, QUEUES_OPERATE -> true;
      case PUBLIC, ANYONE, SIGNED_IN, SESSION, ACCOUNT, INSTANCE_ADMIN -> false;
    };
  }

  public static Optional<Permission> ofScope(String scope) {
    return Arrays.stream(values())
        .filter(permission -> !permission.scope.isEmpty() && permission.scope.equals(scope))
        .findFirst();
  }
}
