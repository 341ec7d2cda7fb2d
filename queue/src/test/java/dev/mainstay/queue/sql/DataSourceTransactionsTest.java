package dev.mainstay.queue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

final class DataSourceTransactionsTest {
  @TempDir Path directory;
  private DataSourceTransactions first;
  private DataSourceTransactions second;

  @BeforeEach
  void create() {
    first = open();
    second = open();
    run(first, "CREATE TABLE numbers (value INTEGER PRIMARY KEY)");
  }

  @AfterEach
  void close() {
    first.close();
    first.close();
    second.close();
  }

  @Test
  void commitsAndUndoes() {
    run(first, "INSERT INTO numbers VALUES (1)");
    assertThatThrownBy(
            () ->
                first.write(
                    connection -> {
                      execute(connection, "INSERT INTO numbers VALUES (2)");
                      throw new IllegalStateException("undo");
                    }))
        .hasMessage("undo");
    assertThatThrownBy(() -> run(first, "INSERT INTO numbers VALUES (1)"))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("The write failed");
    run(first, "INSERT INTO numbers VALUES (3)");

    assertThat(count(second)).isEqualTo(2);
  }

  @Test
  void isDurableAndNotInAutoCommitMode() {
    assertThat(first.<Boolean>write(Connection::getAutoCommit)).isFalse();
    assertThat(first.<String>write(connection -> text(connection, "PRAGMA journal_mode")))
        .isEqualTo("wal");
    assertThat(first.<String>write(connection -> text(connection, "PRAGMA synchronous")))
        .isEqualTo("2");
  }

  @Test
  void letsTransactionsThatReadBeforeTheyWriteWaitForEachOther() {
    run(first, "INSERT INTO numbers VALUES (0)");
    List<CompletableFuture<Void>> writers =
        IntStream.range(0, 8)
            .mapToObj(i -> CompletableFuture.runAsync(() -> increment(i % 2 == 0 ? first : second)))
            .toList();
    writers.forEach(CompletableFuture::join);

    assertThat(first.<String>read(connection -> text(connection, "SELECT value FROM numbers")))
        .isEqualTo("400");
  }

  @Test
  void refusesATransactionWithinAnother() {
    assertThatThrownBy(() -> first.write(outer -> first.write(inner -> 1)))
        .hasMessage("A transaction may not begin another");
    first.close();
    assertThatThrownBy(() -> first.write(connection -> 1)).hasMessageContaining("closed");
  }

  @Test
  void commitsTogetherWhatHasWaitedTogetherAndUndoesWhatFails() throws Exception {
    AtomicInteger commits = new AtomicInteger();
    CompletableFuture<Void> begun = new CompletableFuture<>();
    CompletableFuture<Void> go = new CompletableFuture<>();
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    try (DataSourceTransactions counted =
            new DataSourceTransactions(counting(source(), commits), Dialect.sqlite());
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      run(counted, "INSERT INTO numbers VALUES (0)");
      commits.set(0);
      writers.add(
          CompletableFuture.runAsync(
              () ->
                  counted.write(
                      connection -> {
                        begun.complete(null);
                        go.join();
                        execute(connection, "INSERT INTO numbers VALUES (1)");
                        return 1;
                      }),
              threads));
      begun.join();
      for (int i = 2; i < 22; i++) {
        // One of them is there already.
        String insert = "INSERT INTO numbers VALUES (%d)".formatted(i == 7 ? 0 : i);
        writers.add(CompletableFuture.runAsync(() -> run(counted, insert), threads));
      }
      await().until(() -> counted.waiting() == 20);
      go.complete(null);
      for (int i = 0; i < writers.size(); i++) {
        CompletableFuture<Void> writer = writers.get(i);
        if (i == 6) {
          assertThatThrownBy(writer::join).hasCauseInstanceOf(StoreException.class);
        } else {
          writer.join();
        }
      }
    }
    assertThat(count(second)).isEqualTo(21);
    assertThat(commits).hasValue(2);
  }

  /** Counts the commits of its connections. */
  private static DataSource counting(DataSource source, AtomicInteger commits) {
    return (DataSource)
        proxy(
            DataSource.class,
            (method, arguments) -> {
              Connection connection = source.getConnection();
              return proxy(
                  Connection.class,
                  (called, given) -> {
                    if (called.getName().equals("commit")) {
                      commits.incrementAndGet();
                    }
                    return called.invoke(connection, given);
                  });
            });
  }

  private interface Handler {
    Object handle(Method method, Object[] arguments)
        throws ReflectiveOperationException, SQLException;
  }

  private static Object proxy(Class<?> type, Handler handler) {
    return Proxy.newProxyInstance(
        type.getClassLoader(),
        new Class<?>[] {type},
        (proxy, method, arguments) -> {
          try {
            return handler.handle(method, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private static void increment(DataSourceTransactions transactions) {
    for (int i = 0; i < 50; i++) {
      transactions.write(
          connection -> {
            int value = Integer.parseInt(text(connection, "SELECT value FROM numbers"));
            execute(connection, "UPDATE numbers SET value = " + (value + 1));
            return value;
          });
    }
  }

  private DataSourceTransactions open() {
    return new DataSourceTransactions(source(), Dialect.sqlite());
  }

  private SQLiteDataSource source() {
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + directory.resolve("numbers.db"));
    return source;
  }

  private static void run(DataSourceTransactions transactions, String sql) {
    transactions.write(
        connection -> {
          execute(connection, sql);
          return sql;
        });
  }

  private static int count(DataSourceTransactions transactions) {
    return Integer.parseInt(
        transactions.read(connection -> text(connection, "SELECT count(*) FROM numbers")));
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String text(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(sql)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
