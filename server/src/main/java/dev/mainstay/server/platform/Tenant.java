package dev.mainstay.server.platform;

import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The organization for which a thread works. What it does with the {@link Database} meanwhile is
 * confined to that organization's rows where the database can do so, which PostgreSQL can: it
 * guards against a statement of the server's own that lacks its condition.
 *
 * <p>A thread without a tenant works for the server itself. Threads that a tenant's work starts do
 * not inherit it; {@link Database} carries it over to its own.
 */
public final class Tenant {
  private static final ScopedValue<Tenant> CURRENT = ScopedValue.newInstance();

  private final String organizationId;

  private Tenant(String organizationId) {
    this.organizationId = organizationId;
  }

  public static Tenant of(String organizationId) {
    if (organizationId.isEmpty()) {
      throw new IllegalArgumentException("a tenant has an organization");
    }
    return new Tenant(organizationId);
  }

  /** For whom this thread works; empty if for the server itself. */
  static Optional<Tenant> current() {
    return CURRENT.isBound() ? Optional.of(CURRENT.get()) : Optional.empty();
  }

  String organizationId() {
    return organizationId;
  }

  /**
   * Runs {@code work} for this tenant.
   *
   * @throws IllegalStateException if the thread already works for another one
   */
  public <T extends @Nullable Object, X extends Throwable> T call(ScopedValue.CallableOp<T, X> work)
      throws X {
    if (current().filter(bound -> !bound.organizationId.equals(organizationId)).isPresent()) {
      throw new IllegalStateException("the work of one tenant must not become another's");
    }
    return ScopedValue.where(CURRENT, this).call(work);
  }

  /** As {@link #call}, for work without a result. */
  public void run(Runnable work) {
    this.<@Nullable Void, RuntimeException>call(
        () -> {
          work.run();
          return null;
        });
  }

  /** {@code work} as it has to be run on another thread, for the tenant of this one. */
  static <T extends @Nullable Object> Supplier<T> carried(Supplier<T> work) {
    return current().<Supplier<T>>map(tenant -> () -> tenant.call(work::get)).orElse(work);
  }
}
