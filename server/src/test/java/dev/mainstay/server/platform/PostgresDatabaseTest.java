package dev.mainstay.server.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("postgres")
class PostgresDatabaseTest extends DatabaseContract {
  private static final Table<Record> COUNTERS = table(name("counters"));
  private static final Field<String> NAME = field(name("name"), String.class);
  private static final Field<Integer> VALUE = field(name("value"), Integer.class);

  @Override
  Database open() {
    return open(TestPostgres.newDatabase());
  }

  private static PostgresDatabase open(String name) {
    return PostgresDatabase.open(TestPostgres.config(TestPostgres.url(name)), "test");
  }

  private static void count(Tx tx, String name) {
    tx.sql().update(COUNTERS).set(VALUE, VALUE.plus(1)).where(NAME.eq(name)).execute();
  }

  /** One of two transactions that wait for each other is chosen to fail; it is run again. */
  @Override
  String endless() {
    return "select pg_sleep(3600)";
  }

  @Test
  void aTransactionThatLostADeadlockIsRunAgain() throws Exception {
    try (Database database = open();
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      database.execute(
          tx -> {
            tx.sql().execute("create table counters (name text primary key, value int not null)");
            tx.sql().insertInto(COUNTERS, NAME, VALUE).values("a", 0).values("b", 0).execute();
          });
      CyclicBarrier bothHaveOne = new CyclicBarrier(2);
      AtomicInteger runs = new AtomicInteger();
      Future<?> first =
          executor.submit(() -> database.execute(tx -> cross(tx, "a", "b", bothHaveOne, runs)));
      Future<?> second =
          executor.submit(() -> database.execute(tx -> cross(tx, "b", "a", bothHaveOne, runs)));
      first.get(30, TimeUnit.SECONDS);
      second.get(30, TimeUnit.SECONDS);
      assertThat(runs.get()).isEqualTo(3);
      assertThat(database.<List<Integer>>read(sql -> sql.select(VALUE).from(COUNTERS).fetch(VALUE)))
          .containsExactly(2, 2);
    }
  }

  private static void cross(
      Tx tx, String one, String other, CyclicBarrier barrier, AtomicInteger runs) {
    int run = runs.incrementAndGet();
    count(tx, one);
    if (run <= 2) {
      try {
        barrier.await(30, TimeUnit.SECONDS);
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
    count(tx, other);
  }

  @Test
  void theQueueMayVacuum() {
    try (Database database = open()) {
      boolean ran =
          new DatabaseTransactions(database)
              .maintain(
                  connection -> {
                    assertThat(connection.getAutoCommit()).isTrue();
                    try (var statement = connection.createStatement()) {
                      return !statement.execute(
                          "VACUUM (SKIP_LOCKED, TRUNCATE FALSE) queue_jobs, queue_events");
                    }
                  });
      assertThat(ran).isTrue();
    }
  }

  @Test
  void aNameIsHeldToTheEndOfItsTransactionOverAllProcesses() throws Exception {
    String name = TestPostgres.newDatabase();
    try (Database one = open(name);
        Database other = open(name);
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch held = new CountDownLatch(1);
      CountDownLatch free = new CountDownLatch(1);
      List<String> order = new java.util.concurrent.CopyOnWriteArrayList<>();
      Future<?> holder =
          executor.submit(
              () ->
                  one.execute(
                      tx -> {
                        tx.exclusive("x");
                        held.countDown();
                        await(free);
                        order.add("first");
                      }));
      await(held);
      assertThat(other.<Boolean>write(tx -> tx.tryExclusive("x"))).isFalse();
      assertThat(other.<Boolean>write(tx -> tx.tryExclusive("y"))).isTrue();
      Future<?> waiter =
          executor.submit(
              () ->
                  other.execute(
                      tx -> {
                        tx.exclusive("x");
                        order.add("second");
                      }));
      free.countDown();
      holder.get(30, TimeUnit.SECONDS);
      waiter.get(30, TimeUnit.SECONDS);
      assertThat(order).containsExactly("first", "second");
      assertThat(other.<Boolean>write(tx -> tx.tryExclusive("x"))).isTrue();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void transactionsAreReadCommittedWhateverTheDatabaseIsSetTo() {
    String name = TestPostgres.newDatabase();
    TestPostgres.execute(
        "alter database " + name + " set default_transaction_isolation to serializable");
    try (Database database = open(name)) {
      assertThat(database.<Object>write(tx -> tx.sql().fetchValue("show transaction_isolation")))
          .hasToString("read committed");
      assertThat(database.<Object>write(tx -> tx.sql().fetchValue("show synchronous_commit")))
          .hasToString("on");
    }
  }

  /** To interrupt a thread that reads from a socket closes the socket. */
  @Test
  void anInterruptedReaderGetsItsRowsAndBreaksNoConnection() throws Exception {
    try (Database database = open();
        ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      CountDownLatch reading = new CountDownLatch(1);
      Thread[] reader = new Thread[1];
      Future<Object> read =
          executor.submit(
              () -> {
                reader[0] = Thread.currentThread();
                return database.<Object>read(
                    sql -> {
                      reading.countDown();
                      return sql.fetchValue("select pg_backend_pid() from pg_sleep(0.3)");
                    });
              });
      await(reading);
      reader[0].interrupt();
      Object backend = read.get(30, TimeUnit.SECONDS);
      assertThat(database.<Object>read(sql -> sql.fetchValue("select pg_backend_pid()")))
          .isEqualTo(backend);
    }
  }

  private static String user(org.jooq.DSLContext sql) {
    return sql.fetchValue(
            "select current_user || ' ' || coalesce(current_setting('mainstay.organization', true), '')")
        .toString();
  }

  /** Whoever gets a connection next finds nothing of the tenant that had it before. */
  @Test
  void noConnectionKeepsItsTenant() {
    try (Database database = open()) {
      String server = database.read(PostgresDatabaseTest::user);
      assertThat(server).startsWith("postgres").doesNotContain("o1");
      Tenant tenant = Tenant.of("o1");
      for (int i = 0; i < 20; i++) {
        assertThat(tenant.<String, RuntimeException>call(() -> database.read(sql -> user(sql))))
            .isEqualTo("mainstay_app o1");
        assertThat(
                tenant.<String, RuntimeException>call(() -> database.write(tx -> user(tx.sql()))))
            .isEqualTo("mainstay_app o1");
        assertThatThrownBy(() -> tenant.run(() -> database.read(sql -> sql.fetch("select 1 / 0"))))
            .isInstanceOf(DataAccessException.class);
        assertThatThrownBy(
                () -> tenant.run(() -> database.execute(tx -> tx.sql().fetch("select 1 / 0"))))
            .isInstanceOf(DataAccessException.class);
        assertThat(database.<String>read(sql -> user(sql)).strip()).isEqualTo("postgres");
        assertThat(database.<String>write(tx -> user(tx.sql())).strip()).isEqualTo("postgres");
      }
    }
  }

  @Test
  void whatATransactionReadsBesidesIsItsTenantsToo() {
    try (Database database = open()) {
      assertThat(
              Tenant.of("o1")
                  .<String, RuntimeException>call(
                      () -> database.write(tx -> database.<String>read(sql -> user(sql)))))
          .isEqualTo("mainstay_app o1");
    }
  }

  @Test
  void theWorkOfOneTenantDoesNotBecomeAnothers() {
    Tenant.of("o1").run(() -> Tenant.of("o1").run(() -> {}));
    assertThatThrownBy(() -> Tenant.of("o1").run(() -> Tenant.of("o2").run(() -> {})))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aTenantsTransactionHasTheServersRightsForAWhile() {
    try (Database database = open()) {
      Tenant.of("o1")
          .run(
              () ->
                  database.execute(
                      tx -> {
                        assertThat(
                                tx.<String>asServer(
                                    () -> {
                                      String inner = tx.asServer(() -> user(tx.sql()));
                                      return inner + ", " + user(tx.sql());
                                    }))
                            .isEqualTo("postgres o1, postgres o1");
                        assertThat(user(tx.sql())).isEqualTo("mainstay_app o1");
                        assertThatThrownBy(
                                () ->
                                    tx.asServer(
                                        () -> {
                                          throw new IllegalArgumentException("its own");
                                        }))
                            .hasMessage("its own");
                        assertThat(user(tx.sql())).isEqualTo("mainstay_app o1");
                      }));
      assertThatThrownBy(
              () ->
                  Tenant.of("o1")
                      .run(
                          () ->
                              database.execute(
                                  tx -> tx.asServer(() -> tx.sql().fetch("select 1 / 0")))))
          .hasMessageContaining("division by zero");
    }
  }

  /** A tenant reads within a transaction, which must not be able to write. */
  @Test
  void aTenantsReadCannotWrite() {
    try (Database database = open()) {
      assertThatThrownBy(
              () ->
                  Tenant.of("o1")
                      .run(() -> database.read(sql -> sql.execute("delete from queues"))))
          .hasMessageContaining("read-only");
    }
  }
}
