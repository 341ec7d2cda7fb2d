package dev.mainstay.server.queue;

import dev.mainstay.queue.redis.RedisQueues;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.SettingException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.queue.QueueNamingStore.Row;
import dev.mainstay.server.queue.QueueNamingStore.State;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Decides which organization's queues have plain names in Redis, and changes it. */
public final class QueueNamings {
  private static final String COMMAND = "./mainstay queue plain-names";
  private static final String NONE = "none";

  private final Database database;
  private final QueueNamingStore store = new QueueNamingStore();

  public QueueNamings(Database database) {
    this.database = database;
  }

  /**
   * The names as they are; a new instance gets them here.
   *
   * @param wanted what {@link Setting#QUEUE_ORGANIZATION} says
   * @param owner the organization that has them if nothing is said
   * @throws SettingException they are not as wanted, and a start cannot make them so
   */
  public QueueNaming current(Optional<String> wanted, String owner) {
    return database.write(tx -> current(tx, wanted, owner));
  }

  private QueueNaming current(Tx tx, Optional<String> wanted, String owner) {
    Optional<String> target = target(tx, wanted, owner);
    Optional<Row> found = store.find(tx);
    if (found.isEmpty()) {
      store.save(tx, State.PLAIN, target);
      return QueueNaming.plain(target);
    }
    return switch (found.get().state()) {
      case MOVING, HANDING_OVER ->
          throw new SettingException(
              "The queues in Redis are getting other names, which was interrupted; stop all servers and finish it with "
                  + COMMAND);
      case QUALIFIED -> {
        if (wanted.isPresent() && target.isPresent()) {
          throw refused("the queues of this instance have older names in Redis");
        }
        yield QueueNaming.QUALIFIED;
      }
      case PLAIN -> QueueNaming.plain(plain(tx, found.get().organization(), wanted, target));
    };
  }

  private Optional<String> plain(
      Tx tx, Optional<String> now, Optional<String> wanted, Optional<String> target) {
    if (now.equals(target) || (wanted.isEmpty() && now.isPresent())) {
      return now;
    }
    boolean free =
        now.filter(one -> store.hasQueues(tx.sql(), one)).isEmpty()
            && target.filter(one -> store.hasQueues(tx.sql(), one)).isEmpty();
    if (free) {
      store.save(tx, State.PLAIN, target);
      return target;
    }
    if (wanted.isEmpty()) {
      return now;
    }
    throw refused("it is not the organization whose queues have plain names in Redis");
  }

  private static SettingException refused(String reason) {
    return new SettingException(
        "%s cannot be followed, because %s; stop all servers and run %s"
            .formatted(Setting.QUEUE_ORGANIZATION.variable(), reason, COMMAND));
  }

  private Optional<String> target(Tx tx, Optional<String> wanted, String owner) {
    if (wanted.isEmpty()) {
      return Optional.of(owner);
    }
    if (wanted.get().equals(NONE)) {
      return Optional.empty();
    }
    return Optional.of(
        store
            .organization(tx.sql(), wanted.get())
            .orElseThrow(
                () ->
                    new SettingException(
                        "%s is \"%s\", but there is no organization of this id or slug"
                            .formatted(Setting.QUEUE_ORGANIZATION.variable(), wanted.get()))));
  }

  /** The names for what is still to be done before they change; never refused. */
  public QueueNaming before() {
    return database.write(
        tx ->
            store
                .find(tx)
                .map(
                    row ->
                        row.state() == State.PLAIN || row.state() == State.HANDING_OVER
                            ? QueueNaming.plain(row.organization())
                            : QueueNaming.QUALIFIED)
                .orElse(QueueNaming.plain(Optional.empty())));
  }

  /**
   * What is to be renamed, by the names in Redis; empty values are never there.
   *
   * @param names by what they are called now
   */
  record Move(State state, Optional<String> organization, Map<String, String> names) {}

  /**
   * Gives an organization's queues plain names, and the server's own the names that they have
   * beside them. No server may run. If this dies, the next call goes on.
   *
   * @param own the server's own queues
   * @return how many queues have other names now
   * @throws IllegalStateException a name is taken; nothing has changed
   */
  public int usePlain(RedisQueues queues, List<String> own, Optional<String> wanted, String owner) {
    Move move =
        database.write(
            tx -> {
              Optional<Row> row = store.find(tx);
              boolean begun = row.isPresent() && begun(row.get().state());
              Move next = begun ? resumed(tx, row.get(), own) : next(tx, row, own, wanted, owner);
              if (!begun) {
                next.names().forEach((from, to) -> requireFree(queues, from, to));
                row.flatMap(Row::organization)
                    .filter(from -> !next.organization().equals(Optional.of(from)))
                    .ifPresent(from -> handOver(tx, from, next.organization().orElseThrow()));
                store.save(tx, next.state(), next.organization());
              }
              return next;
            });
    queues.rename(move.names());
    database.execute(tx -> store.save(tx, State.PLAIN, move.organization()));
    return move.names().size();
  }

  private static boolean begun(State state) {
    return state == State.MOVING || state == State.HANDING_OVER;
  }

  private Move resumed(Tx tx, Row row, List<String> own) {
    return move(tx, row.state(), row.organization(), own);
  }

  private Move next(
      Tx tx, Optional<Row> row, List<String> own, Optional<String> wanted, String owner) {
    Optional<String> target = target(tx, wanted, owner);
    boolean qualified = row.isPresent() && row.get().state() == State.QUALIFIED;
    Optional<String> now = row.flatMap(Row::organization);
    if (target.isEmpty() && now.filter(one -> store.hasQueues(tx.sql(), one)).isPresent()) {
      throw new IllegalStateException(
          "%s is none, but the queues of an organization have plain names; name another organization that takes them over"
              .formatted(Setting.QUEUE_ORGANIZATION.variable()));
    }
    if (now.equals(target) && !qualified) {
      return new Move(State.PLAIN, target, Map.of());
    }
    return move(tx, qualified ? State.MOVING : State.HANDING_OVER, target, own);
  }

  private Move move(Tx tx, State state, Optional<String> target, List<String> own) {
    Map<String, String> names = new LinkedHashMap<>();
    QueueNaming after = QueueNaming.plain(target);
    if (state == State.MOVING) {
      own.forEach(name -> names.put(name, after.inRedis(name)));
    }
    target.ifPresent(
        organization ->
            store
                .queues(tx.sql(), organization)
                .forEach(
                    name -> {
                      String stored = new QueueName(organization, name).stored();
                      names.put(stored, after.inRedis(stored));
                    }));
    return new Move(state, target, names);
  }

  private static void requireFree(RedisQueues queues, String from, String to) {
    if (queues.exists(from) && queues.exists(to)) {
      throw new IllegalStateException(
          "Redis has a queue %s already, which %s would become; remove or rename one of them first"
              .formatted(to, from));
    }
  }

  private void handOver(Tx tx, String from, String to) {
    List<String> there = store.queues(tx.sql(), to);
    store.queues(tx.sql(), from).stream()
        .filter(there::contains)
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalStateException(
                  "Both organizations have a queue %s; remove one of them first".formatted(name));
            });
    store.handOver(tx, from, Objects.requireNonNull(to));
  }
}
