package dev.mainstay.queue.contract;

import dev.mainstay.queue.spi.QueueStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that can be made to fail, as one that its process has lost. */
public final class CuttableStore {
  /** What does not reach for the store, and never fails. */
  private static final Set<String> NO_CALLS = Set.of("queue", "signal", "listen", "check");

  private final QueueStore store;
  private final AtomicInteger refusals = new AtomicInteger();
  private volatile boolean cut;

  public CuttableStore(QueueStore store) {
    this.store = store;
  }

  /** The store as its queue is to see it. */
  public QueueStore store() {
    return (QueueStore)
        Proxy.newProxyInstance(
            QueueStore.class.getClassLoader(),
            new Class<?>[] {QueueStore.class},
            (proxy, method, arguments) -> call(method, arguments));
  }

  private Object call(Method method, Object[] arguments) throws Throwable {
    if (cut && !NO_CALLS.contains(method.getName())) {
      refusals.incrementAndGet();
      throw new IllegalStateException("The store is cut off");
    }
    try {
      return method.invoke(store, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  public void cut(boolean value) {
    cut = value;
  }

  public int refusals() {
    return refusals.get();
  }
}
