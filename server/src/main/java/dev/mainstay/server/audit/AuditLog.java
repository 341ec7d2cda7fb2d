package dev.mainstay.server.audit;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Page;
import dev.mainstay.server.platform.http.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jooq.DSLContext;

/** Every act that matters for security: written by the transaction that does it. */
public final class AuditLog {
  private final InstantSource clock;
  private final AuditStore store = new AuditStore();

  public AuditLog(InstantSource clock) {
    this.clock = clock;
  }

  /**
   * What somebody has done.
   *
   * @param action what it was, as a word in the past
   * @param detail how, without any secret
   */
  public record Act(
      String action,
      String actorId,
      Client client,
      Optional<String> organizationId,
      Optional<String> targetType,
      Optional<String> targetId,
      Optional<String> detail) {

    /** What the caller has done, or an administrator in the caller's name. */
    public static Act by(Principal caller, String action, Client client) {
      Act act = of(action, caller.actorId(), client);
      return caller.actorId().equals(caller.userId())
          ? act
          : act.detail("in the name of " + caller.userId());
    }

    public static Act of(String action, String actorId, Client client) {
      return new Act(
          action,
          actorId,
          client,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty());
    }

    public Act in(String organization) {
      return new Act(
          action, actorId, client, Optional.of(organization), targetType, targetId, detail);
    }

    public Act target(String type, String id) {
      return new Act(
          action, actorId, client, organizationId, Optional.of(type), Optional.of(id), detail);
    }

    public Act detail(String text) {
      return new Act(
          action, actorId, client, organizationId, targetType, targetId, Optional.of(text));
    }
  }

  /**
   * Removes acts that are older than {@code kept}, a bounded number at a time.
   *
   * @return how many were removed
   */
  public int prune(Database database, Duration kept) {
    Instant before = clock.instant().minus(kept);
    int removed = 0;
    int batch;
    do {
      batch = database.write(tx -> store.prune(tx, before));
      removed += batch;
    } while (batch == AuditStore.PRUNE_BATCH && !Thread.currentThread().isInterrupted());
    return removed;
  }

  /** Erases somebody's address from what was written down; who did what stays, by ids. */
  public void forget(Tx tx, String email) {
    store.forget(tx, email);
  }

  /** What somebody has done, the newest first. */
  public Page<AuditEntryView> of(DSLContext sql, String actorId, int limit) {
    return store.page(
        sql,
        new AuditStore.Query(
            Optional.empty(),
            Optional.of(actorId),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            limit));
  }

  public void record(Tx tx, Act act) {
    store.insert(tx, Ids.next(), act, clock.instant());
  }
}
