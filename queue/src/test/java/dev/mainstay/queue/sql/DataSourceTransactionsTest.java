package dev.mainstay.queue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
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
    SQLiteDataSource source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + directory.resolve("numbers.db"));
    return new DataSourceTransactions(source, Dialect.sqlite());
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
