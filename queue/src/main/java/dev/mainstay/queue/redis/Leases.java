package dev.mainstay.queue.redis;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.spi.Claimed;
import dev.mainstay.queue.spi.Exchange;
import dev.mainstay.queue.spi.Outlook;
import dev.mainstay.queue.spi.Recovered;
import dev.mainstay.queue.spi.Settlement;
import dev.mainstay.queue.spi.Turn;
import java.security.SecureRandom;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who has a job, and for how long. A lock is BullMQ's, {@code mainstay:WORKER:ROUND:TOKEN}: the
 * round names the exchange that took the job, so that what a lost answer has taken can be given
 * back.
 */
final class Leases {
  private static final Logger LOG = LoggerFactory.getLogger(Leases.class);

  /** How often locks that have ended are looked for, by one process of all. */
  private static final Duration RECOVERY = Duration.ofSeconds(1);

  /** Beyond so many, the end of the leases gives back what was taken. */
  private static final int MAX_UNHEARD = 1000;

  /** Of a lease whose token is not known any more. */
  private static final long UNKNOWN = -1;

  private final QueueLink link;
  private final Schedulers schedulers;
  private final String session = HexFormat.of().toHexDigits(new SecureRandom().nextLong());
  private final AtomicLong rounds = new AtomicLong();

  /** Begins of locks that may have been taken without our hearing of it, by worker. */
  private final Map<String, Set<String>> unheard = new ConcurrentHashMap<>();

  /** {@link System#nanoTime} from which locks that have ended are looked for. */
  private final AtomicLong recoverAt = new AtomicLong(System.nanoTime());

  /** Of the workers here. */
  private volatile InstantSource clock = InstantSource.system();

  private volatile int maxStalled = 1;

  /** How long the leases of a worker last, in milliseconds. */
  private final Map<String, Long> durations = new ConcurrentHashMap<>();

  Leases(QueueLink link, Schedulers schedulers) {
    this.link = link;
    this.schedulers = schedulers;
  }

  /** A job that was taken, and what it needs before it can run. */
  private record Taken(JobHash hash, long token, Optional<String> failure) {}

  Exchange exchange(Turn turn) {
    List<Call> calls = new ArrayList<>();
    List<Object> ends = new ArrayList<>();
    for (Settlement settlement : turn.settlements()) {
      if (settlement.state().finished()) {
        ends.addAll(Settling.end(link, settlement, turn.now()));
      } else {
        calls.add(Settling.call(link, settlement, turn.now()));
      }
    }
    int settled = calls.size();
    Set<String> unsure =
        unheard.computeIfAbsent(turn.workerId(), id -> ConcurrentHashMap.newKeySet());
    boolean recovering = turn.capacity() > 0 && recoverAt.get() - System.nanoTime() <= 0;
    if (recovering) {
      calls.add(recover(turn.maxStalled(), turn.now()));
    }
    String begin =
        "mainstay:%s:%s-%d:".formatted(turn.workerId(), session, rounds.incrementAndGet());
    calls.add(exchange(turn, begin, ends));
    if (turn.capacity() > 0 && unsure.size() < MAX_UNHEARD) {
      unsure.add(begin);
    }
    List<@Nullable Object> replies = link.connections().run(calls);
    if (recovering) {
      recoverAt.set(System.nanoTime() + RECOVERY.toNanos());
    }

    List<@Nullable Object> reply = Reply.list(replies.getLast());
    List<Boolean> held =
        held(turn.settlements(), replies.subList(0, settled), Reply.list(reply.getFirst()));
    List<Recovered> recovered = recovering ? recovered(replies.get(calls.size() - 2)) : List.of();
    List<Taken> taken = taken(Reply.list(reply.get(1)));
    List<Claimed> claimed = start(taken, turn);
    unsure.remove(begin);
    Outlook outlook = outlook(Reply.list(reply.getLast()), turn.now());
    if (claimed.size() < taken.size()) {
      outlook = new Outlook(true, outlook.nextDue());
    }
    return new Exchange(held, recovered, claimed, turn.lastGroup(), outlook);
  }

  private Call exchange(Turn turn, String begin, List<Object> ends) {
    long lease = Duration.between(turn.now(), turn.leaseUntil()).toMillis();
    if (turn.capacity() > 0) {
      clock = turn.clock();
      maxStalled = turn.maxStalled();
      durations.put(turn.workerId(), lease);
    }
    return link.call(
        Script.EXCHANGE,
        turn.now().toEpochMilli(),
        turn.capacity(),
        turn.workerId(),
        begin,
        lease,
        ends);
  }

  /**
   * @param rest what {@link Script#EXCHANGE} says of the jobs that it has not taken
   */
  private static Outlook outlook(List<@Nullable Object> rest, Instant now) {
    if (rest.isEmpty()) {
      return Outlook.NOTHING;
    }
    if (rest.getFirst() instanceof byte[] error) {
      // There may be a key that is not BullMQ's; the next look goes past it.
      LOG.error("A job could not be taken: {}", Reply.text(error));
      return Outlook.NOTHING;
    }
    return new Outlook(
        false, due(Reply.number(rest.get(0)), Reply.number(rest.get(1)), now.toEpochMilli()));
  }

  /**
   * When there may be something to take.
   *
   * @param limited milliseconds until the rate limit allows more, or 0
   * @param delayed when the next delayed job is due, or 0
   */
  static long due(long limited, long delayed, long now) {
    long free = limited > 0 ? now + limited : Long.MAX_VALUE;
    return delayed > 0 ? Math.min(free, delayed) : free;
  }

  /** What there is to do; a look for locks that have ended is something to do. */
  Outlook outlook() {
    List<@Nullable Object> reply = Reply.list(link.run(Script.OUTLOOK));
    boolean recovering = Reply.number(reply.get(3)) > 0 && recoverAt.get() - System.nanoTime() <= 0;
    long limited = Reply.number(reply.get(2));
    long delayed = Reply.number(reply.get(1));
    return new Outlook(
        Reply.number(reply.get(0)) == 1 || recovering, due(limited, delayed, clock.millis()));
  }

  private Call recover(int maxStalled, Instant now) {
    return link.call(
        Script.RECOVER, maxStalled, now.toEpochMilli(), RECOVERY.toMillis(), link.maxMetricsSize());
  }

  /** What lost answers had brought, as far as the server has had the requests by now. */
  int giveBack(String workerId, Instant now) {
    Set<String> unsure = unheard.getOrDefault(workerId, Set.of());
    List<String> begins = List.copyOf(unsure);
    List<@Nullable Object> counts =
        link.connections()
            .run(
                begins.stream()
                    .map(
                        begin ->
                            link.call(
                                Script.TAKE_OVER,
                                workerId,
                                now.toEpochMilli(),
                                link.maxMetricsSize(),
                                begin))
                    .toList());
    begins.forEach(unsure::remove);
    return counts.stream().mapToInt(count -> (int) Reply.number(count)).sum();
  }

  /** Which leases were still held, in the order of the settlements. */
  private static List<Boolean> held(
      List<Settlement> settlements, List<@Nullable Object> settled, List<@Nullable Object> ends) {
    Iterator<@Nullable Object> nextSettled = settled.iterator();
    Iterator<@Nullable Object> nextEnd = ends.iterator();
    List<Boolean> held = new ArrayList<>();
    for (Settlement settlement : settlements) {
      Object reply = settlement.state().finished() ? nextEnd.next() : nextSettled.next();
      if (reply instanceof byte[] error) {
        // Its lease is let go: it counts as stalled, and fails for good after some more.
        LOG.error(
            "How job {} ended could not be recorded: {}",
            settlement.claimed().job().id(),
            Reply.text(error));
      }
      held.add(reply instanceof Long code && code >= 0);
    }
    return held;
  }

  private static List<Recovered> recovered(@Nullable Object reply) {
    List<Recovered> recovered = new ArrayList<>();
    for (Object entry : Reply.list(reply)) {
      List<@Nullable Object> job = Reply.list(entry);
      recovered.add(
          new Recovered(
              UNKNOWN,
              Reply.text(job.get(0)),
              // One that is lost too often fails when it is taken next.
              Reply.number(job.get(3)) == 1 ? JobState.FAILED : JobState.WAITING,
              Reply.text(job.get(1)),
              (int) Reply.number(job.get(2)),
              Retention.ALL));
    }
    return recovered;
  }

  private static List<Taken> taken(List<@Nullable Object> claims) {
    List<Taken> taken = new ArrayList<>();
    for (Object entry : claims) {
      List<@Nullable Object> claim = Reply.list(entry);
      JobHash hash = new JobHash(Reply.text(claim.get(1)), Reply.hash(claim.get(0)));
      String canceled = Reply.text(claim.get(3));
      taken.add(
          new Taken(
              hash,
              Reply.number(claim.get(2)),
              canceled.isEmpty() ? hash.deferredFailure() : Optional.of(canceled)));
    }
    return taken;
  }

  /** Adds the next jobs of schedulers, and ends the jobs that are not to run. */
  private List<Claimed> start(List<Taken> taken, Turn turn) {
    List<Claimed> claimed = new ArrayList<>();
    List<Call> ends = new ArrayList<>();
    for (Taken one : taken) {
      addNext(one.hash(), turn.now());
      Job job = one.hash().job(JobState.ACTIVE, "", link.options());
      Claimed claim = new Claimed(job, one.token());
      if (one.failure().isEmpty()) {
        claimed.add(claim);
      } else {
        ends.add(Settling.fail(link, claim, one.failure().get(), turn.now()));
      }
    }
    link.connections().run(ends);
    return claimed;
  }

  /** A scheduler of another client's that we cannot read does not keep its job from running. */
  private void addNext(JobHash hash, Instant now) {
    try {
      schedulers.started(hash, now);
    } catch (IllegalArgumentException | IllegalStateException | DateTimeException e) {
      LOG.error("The scheduler of job {} cannot go on", hash.id(), e);
    }
  }

  /** The leases as they are; a job's earlier lease that is lost may be among them. */
  List<Boolean> renew(List<Claimed> leases) {
    if (leases.isEmpty()) {
      return List.of();
    }
    String worker = leases.getFirst().job().processedBy().orElse("");
    long duration = durations.getOrDefault(worker, 0L);
    List<Object> arguments = new ArrayList<>();
    arguments.add(duration);
    for (Claimed claimed : leases) {
      arguments.add(claimed.job().id());
      arguments.add(claimed.token());
    }
    // A worker whose slots are all taken makes no exchange; it looks for dead ones here.
    List<@Nullable Object> replies =
        link.connections()
            .run(List.of(link.call(Script.RENEW, arguments), recover(maxStalled, clock.instant())));
    return Reply.list(replies.getFirst()).stream().map(reply -> Reply.number(reply) == 1).toList();
  }

  int takeOver(String workerId, Instant now) {
    return (int)
        Reply.number(
            link.run(Script.TAKE_OVER, workerId, now.toEpochMilli(), link.maxMetricsSize(), ""));
  }

  Map<Long, String> cancellations(String workerId) {
    Map<Long, String> reasons = new HashMap<>();
    for (Object entry : Reply.list(link.run(Script.CANCELED, workerId))) {
      List<@Nullable Object> mark = Reply.list(entry);
      reasons.put(Reply.number(mark.get(0)), Reply.text(mark.get(1)));
    }
    return reasons;
  }
}
