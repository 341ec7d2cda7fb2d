package dev.mainstay.queue.runtime;

import dev.mainstay.queue.JobHandler;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.spi.QueueStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A worker on a store: its slots, and the two threads that fill and keep them. */
final class StoreWorker implements Worker {
  private static final Duration MAX_GRACE = Duration.ofDays(365);
  private static final Duration REMINDER = Duration.ofSeconds(10);
  private static final Logger LOG = LoggerFactory.getLogger(StoreWorker.class);

  private final String label;
  private final Upkeep upkeep = new Upkeep();
  private final Slots slots;
  private final String id;
  private final Announcer announcer;
  private final Consumer<StoreWorker> onClosed;

  // Platform threads: handlers that compute without a pause occupy every carrier of the virtual
  // ones, and must not keep the leases from being renewed.
  private final Thread dispatcher;
  private final Thread keeper;

  StoreWorker(
      QueueStore store,
      InstantSource clock,
      WorkerOptions options,
      JobHandler handler,
      Consumer<StoreWorker> onClosed) {
    this.label = "queue %s, worker %s".formatted(store.queue(), options.workerId());
    this.slots =
        new Slots(
            label, options, store, clock, upkeep, new HandlerThreads(options, handler, label));
    this.id = options.workerId();
    this.announcer = new Announcer(store, clock, options, label);
    this.onClosed = onClosed;
    this.dispatcher =
        Thread.ofPlatform()
            .daemon()
            .name(label + ", dispatcher")
            .unstarted(new Dispatcher(slots, store, clock, options, label));
    this.keeper =
        Thread.ofPlatform()
            .daemon()
            .name(label + ", leases")
            .unstarted(new LeaseKeeper(slots, upkeep, announcer, store, clock, options, label));
  }

  void start() {
    keeper.start();
    dispatcher.start();
  }

  String id() {
    return id;
  }

  void wake() {
    slots.wake();
  }

  void hear() {
    slots.hear();
  }

  /** True if it would take a job. */
  boolean idle() {
    return slots.idle();
  }

  @Override
  public int active() {
    return slots.active();
  }

  @Override
  public void pause() {
    slots.stopAccepting();
  }

  @Override
  public void close(Duration grace) {
    if (slots.runsOn(Thread.currentThread())) {
      throw new IllegalStateException(
          "A handler may not close its own worker; it would wait for itself");
    }
    slots.stopAccepting();
    if (!slots.awaitDrained(grace.compareTo(MAX_GRACE) < 0 ? grace : MAX_GRACE)) {
      slots.giveAllBack();
      while (!slots.awaitDrained(REMINDER)) {
        LOG.warn("{}: still waiting for {} interrupted handlers to end", label, slots.active());
      }
    }
    slots.stop();
    upkeep.stop();
    join(dispatcher);
    join(keeper);
    onClosed.accept(this);
    announcer.withdraw();
  }

  private static void join(Thread thread) {
    boolean interrupted = Thread.interrupted();
    while (true) {
      try {
        thread.join();
        break;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
