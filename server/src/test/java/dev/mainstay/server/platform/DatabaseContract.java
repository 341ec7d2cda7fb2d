package dev.mainstay.server.platform;

import static dev.mainstay.server.schema.Tables.ORGANIZATIONS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.count;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.param;
import static org.jooq.impl.DSL.table;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every database engine must do. */
abstract class DatabaseContract {
  private static final Table<Record> NOTES = table(name("notes"));
  private static final Field<String> TEXT = field(name("text"), String.class);

  private Database database;

  abstract Database open();

  @BeforeEach
  void createTable() {
    database = open();
    database.execute(
        tx -> tx.sql().execute("create table notes (text varchar(100) not null unique)"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  private void insert(Tx tx, String text) {
    tx.sql().insertInto(NOTES, TEXT).values(text).execute();
  }

  private List<String> texts() {
    return database.read(sql -> sql.select(TEXT).from(NOTES).orderBy(TEXT).fetch(TEXT));
  }

  @Test
  void whatAWriteReturnsIsThereForReaders() {
    String result =
        database.write(
            tx -> {
              insert(tx, "a");
              return "done";
            });
    assertThat(result).isEqualTo("done");
    assertThat(texts()).containsExactly("a");
  }

  /** A statement that would run for hours. */
  abstract String endless();

  @Test
  void aSearchThatTakesTooLongIsEndedAndItsConnectionIsGood() {
    assertThatThrownBy(() -> database.search("one", sql -> sql.fetch(endless())))
        .isInstanceOfSatisfying(
            ProblemException.class,
            e -> {
              assertThat(e.problem().status()).isEqualTo(503);
              assertThat(e.problem().retryAfter()).isNotNull();
            });
    for (int i = 0; i < 20; i++) {
      assertThat(database.<Integer>search("one", sql -> sql.fetchCount(NOTES))).isZero();
    }
  }

  @Test
  void searchesOfAnyNumberOfOrganizationsLeaveReadersForOthers() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch refused = new CountDownLatch(50);
    CountDownLatch end = new CountDownLatch(1);
    List<Integer> statuses = Collections.synchronizedList(new ArrayList<>());
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 60; i++) {
        String organization = i < 30 ? "noisy" : "other " + i;
        executor.execute(
            () -> {
              try {
                int unused = database.search(organization, sql -> hold(sql, begun, end));
              } catch (ProblemException e) {
                statuses.add(e.problem().status());
                refused.countDown();
              }
            });
      }
      begun.await();
      for (int i = 0; i < 50; i++) {
        assertThat(texts()).isEmpty();
      }
      // All but those that run are refused, while those still run.
      refused.await();
      end.countDown();
    }
    assertThat(statuses).containsOnly(429, 503).contains(429);
    assertThat(database.<Integer>search("noisy", sql -> sql.fetchCount(NOTES))).isZero();
  }

  private static int hold(DSLContext sql, CountDownLatch begun, CountDownLatch end) {
    int count = sql.fetchCount(NOTES);
    begun.countDown();
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return count;
  }

  /** What is no exception, thrown for real. */
  static Stream<Named<Runnable>> errors() {
    return Stream.of(
        Named.of(
            "a failed assertion",
            () -> {
              throw new AssertionError("not so");
            }),
        Named.of("a stack overflow", () -> recurse(0)),
        Named.of(
            "a class that is missing",
            () -> {
              throw new NoClassDefFoundError("dev/mainstay/Gone");
            }),
        Named.of(
            "a failed initializer",
            () -> {
              throw new ExceptionInInitializerError(new IllegalStateException("not ready"));
            }));
  }

  private static long recurse(long depth) {
    return depth < 0 ? depth : recurse(depth + 1) + recurse(depth + 2);
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorEndsItsTransactionAlone(Runnable error) {
    assertThatThrownBy(
            () ->
                database.execute(
                    tx -> {
                      insert(tx, "lost");
                      error.run();
                    }))
        .hasRootCauseInstanceOf(Throwable.class);
    database.execute(tx -> insert(tx, "kept"));
    assertThat(texts()).containsExactly("kept");
  }

  @ParameterizedTest
  @MethodSource("errors")
  void anErrorInAnActionKeepsNeitherItsCallerNorOthers(Runnable error) {
    List<String> ran = Collections.synchronizedList(new ArrayList<>());
    database.execute(
        tx -> {
          insert(tx, "kept");
          tx.afterCommit(error);
          tx.afterCommit(() -> ran.add("second"));
        });
    database.execute(tx -> insert(tx, "next"));
    assertThat(texts()).containsExactly("kept", "next");
    assertThat(ran).containsExactly("second");
  }

  @Test
  void aFailingTransactionTakesBackAllOfItselfAndNothingElse() throws Exception {
    int writers = 40;
    CountDownLatch start = new CountDownLatch(1);
    List<Future<?>> results = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < writers; i++) {
        int number = i;
        results.add(
            executor.submit(
                () -> {
                  start.await();
                  database.execute(
                      tx -> {
                        insert(tx, "%03d".formatted(number));
                        if (number % 2 == 1) {
                          throw new IllegalArgumentException("odd");
                        }
                      });
                  return null;
                }));
      }
      start.countDown();
    }
    for (int i = 0; i < writers; i++) {
      Future<?> result = results.get(i);
      if (i % 2 == 1) {
        assertThat(result.state()).isEqualTo(Future.State.FAILED);
        assertThat(result.exceptionNow()).hasMessage("odd");
      } else {
        assertThat(result.state()).isEqualTo(Future.State.SUCCESS);
      }
    }
    assertThat(texts()).hasSize(writers / 2);
  }

  @Test
  void aConstraintStopsOnlyItsOwnTransaction() {
    database.execute(tx -> insert(tx, "a"));
    assertThatThrownBy(
            () ->
                database.execute(
                    tx -> {
                      insert(tx, "b");
                      insert(tx, "a");
                    }))
        .isInstanceOf(org.jooq.exception.DataAccessException.class);
    database.execute(tx -> insert(tx, "c"));
    assertThat(texts()).containsExactly("a", "c");
  }

  @Test
  void actionsRunAfterTheCommitAndOnlyThen() {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    database.execute(
        tx -> {
          insert(tx, "a");
          tx.afterCommit(() -> seen.addAll(texts()));
        });
    assertThat(seen).containsExactly("a");
    assertThatThrownBy(
            () ->
                database.execute(
                    tx -> {
                      tx.afterCommit(() -> seen.add("never"));
                      throw new IllegalStateException("no");
                    }))
        .hasMessage("no");
    assertThat(seen).containsExactly("a");
  }

  @Test
  void aTransactionCannotOpenAnother() {
    assertThatThrownBy(() -> database.execute(tx -> database.execute(inner -> insert(inner, "a"))))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void anInterruptedCallerStillLearnsThatItsWriteHappened() {
    Thread.currentThread().interrupt();
    database.execute(tx -> insert(tx, "a"));
    assertThat(Thread.interrupted()).isTrue();
    assertThat(texts()).containsExactly("a");
  }

  @Test
  void readersCannotWrite() {
    assertThatThrownBy(
            () -> database.read(sql -> sql.insertInto(NOTES, TEXT).values("a").execute()))
        .isInstanceOf(org.jooq.exception.DataAccessException.class);
  }

  private static final KeptStatement NAMES =
      new KeptStatement(
          sql ->
              sql.select(ORGANIZATIONS.NAME, ORGANIZATIONS.CREATED_AT)
                  .from(ORGANIZATIONS)
                  .where(ORGANIZATIONS.ID.eq(param(ORGANIZATIONS.ID)))
                  .and(ORGANIZATIONS.CREATED_AT.le(param(ORGANIZATIONS.CREATED_AT))));

  private static List<String> names(StatementReader reader, String id, Instant until) {
    return reader.fetch(NAMES, row -> row.getString(1) + " " + row.getLong(2), id, until);
  }

  private void insertOrganization(Tx tx, String id, Instant created) {
    tx.sql()
        .insertInto(ORGANIZATIONS)
        .set(ORGANIZATIONS.ID, id)
        .set(ORGANIZATIONS.NAME, "name of " + id)
        .set(ORGANIZATIONS.SLUG, id)
        .set(ORGANIZATIONS.CREATED_AT, created)
        .execute();
  }

  @Test
  void aKeptStatementReadsWhatIsCommittedAndInATransactionWhatItWrote() {
    Instant created = Instant.ofEpochMilli(5);
    for (int i = 0; i < 20; i++) {
      String id = "o" + i;
      assertThat(names(database, id, created)).isEmpty();
      database.execute(
          tx -> {
            insertOrganization(tx, id, created);
            assertThat(names(tx, id, created)).containsExactly("name of " + id + " 5");
            assertThat(names(database, id, created)).isEmpty();
          });
      assertThat(names(database, id, created)).containsExactly("name of " + id + " 5");
      assertThat(names(database, id, created.minusMillis(1))).isEmpty();
    }
  }

  @Test
  void manyReadersOfAKeptStatementEachGetTheirOwn() throws Exception {
    List<Future<List<String>>> all = new ArrayList<>();
    database.execute(
        tx -> {
          for (int i = 0; i < 50; i++) {
            insertOrganization(tx, "o" + i, Instant.EPOCH);
          }
        });
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 1_000; i++) {
        String id = "o" + i % 50;
        all.add(executor.submit(() -> names(database, id, Instant.EPOCH)));
      }
    }
    for (int i = 0; i < all.size(); i++) {
      assertThat(all.get(i).resultNow()).containsExactly("name of o" + i % 50 + " 0");
    }
  }

  @Test
  void aKeptStatementThatFailsSpoilsNoLaterOne() {
    database.execute(tx -> insertOrganization(tx, "o", Instant.EPOCH));
    assertThatThrownBy(() -> database.fetch(NAMES, row -> row.getString(1), "o"))
        .hasMessageContaining("1 values for 2 parameters");
    assertThatThrownBy(() -> database.fetch(NAMES, row -> row.getString(99), "o", Instant.EPOCH))
        .isInstanceOf(org.jooq.exception.DataAccessException.class);
    for (int i = 0; i < 20; i++) {
      assertThat(names(database, "o", Instant.EPOCH)).hasSize(1);
    }
  }

  @Test
  void aClosedDatabaseSaysSo() {
    Database closed = open();
    closed.close();
    assertThatThrownBy(() -> closed.execute(tx -> insert(tx, "a"))).hasMessageContaining("closed");
  }

  /** The same lists in the same order, whatever the database is. */
  @Test
  void textIsComparedByteByByteAndFoundWhateverTheCaseOfItsAsciiLetters() {
    List<String> names =
        List.of("B", "a", "Z", "ä", "_", "aa", "a b", "Ä", "0", "\uD83D\uDE00", "\uFFFD");
    database.execute(
        tx ->
            names.forEach(
                name ->
                    tx.sql()
                        .insertInto(ORGANIZATIONS)
                        .set(ORGANIZATIONS.ID, "id " + name)
                        .set(ORGANIZATIONS.NAME, name)
                        .set(ORGANIZATIONS.SLUG, name)
                        .set(ORGANIZATIONS.CREATED_AT, Instant.EPOCH)
                        .execute()));
    assertThat(
            database.<List<String>>read(
                sql ->
                    sql.select(ORGANIZATIONS.NAME)
                        .from(ORGANIZATIONS)
                        .orderBy(ORGANIZATIONS.NAME)
                        .fetch(ORGANIZATIONS.NAME)))
        .containsExactly("0", "B", "Z", "_", "a", "a b", "aa", "Ä", "ä", "\uFFFD", "\uD83D\uDE00");
    assertThat(containing("A")).containsExactly("a", "a b", "aa");
    assertThat(containing("ä")).containsExactly("ä");
    assertThat(containing("_")).containsExactly("_");
  }

  private List<String> containing(String text) {
    return database.read(
        sql ->
            sql.select(ORGANIZATIONS.NAME)
                .from(ORGANIZATIONS)
                .where(ORGANIZATIONS.NAME.containsIgnoreCase(text))
                .orderBy(ORGANIZATIONS.NAME)
                .fetch(ORGANIZATIONS.NAME));
  }

  @Test
  void manyWritersLoseNothing() throws Exception {
    int writers = 500;
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < writers; i++) {
        String text = "w" + i;
        executor.execute(() -> database.execute(tx -> insert(tx, text)));
      }
    }
    int stored = database.read(sql -> sql.select(count()).from(NOTES).fetchSingle().value1());
    assertThat(stored).isEqualTo(writers);
  }
}
