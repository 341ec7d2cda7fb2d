package dev.mainstay.queue.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class StatementCacheTest {
  private static final String ECHO = "SELECT ?";

  private Connection connection;

  @BeforeEach
  void open() throws SQLException {
    connection = StatementCache.of(DriverManager.getConnection("jdbc:sqlite::memory:"));
  }

  @AfterEach
  void close() throws SQLException {
    connection.close();
  }

  private static int echo(PreparedStatement statement, int value) throws SQLException {
    statement.setObject(1, value);
    try (ResultSet row = statement.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }

  @Test
  void preparesAStatementOnce() throws SQLException {
    Object first;
    try (PreparedStatement statement = connection.prepareStatement(ECHO)) {
      first = statement.unwrap(PreparedStatement.class);
      assertThat(echo(statement, 1)).isEqualTo(1);
    }
    try (PreparedStatement statement = connection.prepareStatement(ECHO)) {
      assertThat(statement.unwrap(PreparedStatement.class)).isSameAs(first);
      assertThat(echo(statement, 2)).isEqualTo(2);
    }
  }

  @Test
  void givesTwoThatAreOpenStatementsOfTheirOwn() throws SQLException {
    try (PreparedStatement one = connection.prepareStatement(ECHO);
        PreparedStatement other = connection.prepareStatement(ECHO)) {
      one.setObject(1, 1);
      assertThat(echo(other, 2)).isEqualTo(2);
      try (ResultSet row = one.executeQuery()) {
        row.next();
        assertThat(row.getInt(1)).isEqualTo(1);
      }
    }
  }

  @Test
  void forgetsTheParameters() throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(ECHO)) {
      assertThat(echo(statement, 7)).isEqualTo(7);
    }
    try (PreparedStatement statement = connection.prepareStatement(ECHO);
        ResultSet row = statement.executeQuery()) {
      row.next();
      assertThat(row.getObject(1)).isNull();
    }
  }

  @Test
  void usesNoStatementThatIsClosed() throws SQLException {
    PreparedStatement statement = connection.prepareStatement(ECHO);
    statement.close();
    statement.close();

    assertThat(statement.isClosed()).isTrue();
    assertThatThrownBy(statement::executeQuery).isInstanceOf(SQLException.class);
    try (PreparedStatement next = connection.prepareStatement(ECHO);
        PreparedStatement other = connection.prepareStatement(ECHO)) {
      assertThat(next.unwrap(PreparedStatement.class))
          .isNotSameAs(other.unwrap(PreparedStatement.class));
    }
  }

  @Test
  void keepsNotMoreThanItsLimit() throws SQLException {
    Object first;
    try (PreparedStatement statement = connection.prepareStatement(ECHO)) {
      first = statement.unwrap(PreparedStatement.class);
    }
    for (int i = 0; i < 200; i++) {
      try (PreparedStatement statement = connection.prepareStatement("SELECT " + i + ", ?")) {
        statement.setObject(1, i);
      }
    }
    assertThat(((PreparedStatement) first).isClosed()).isTrue();
    try (PreparedStatement statement = connection.prepareStatement(ECHO)) {
      assertThat(echo(statement, 3)).isEqualTo(3);
    }
  }

  @Test
  void passesFailuresOn() {
    assertThatThrownBy(() -> connection.prepareStatement("SELEC"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("syntax");
  }

  @Test
  void followsAChangeOfTheSchema() throws SQLException {
    try (PreparedStatement create = connection.prepareStatement("CREATE TABLE t (a)")) {
      create.executeUpdate();
    }
    String all = "SELECT * FROM t";
    try (PreparedStatement select = connection.prepareStatement(all);
        ResultSet rows = select.executeQuery()) {
      assertThat(rows.getMetaData().getColumnCount()).isOne();
    }
    try (PreparedStatement alter = connection.prepareStatement("ALTER TABLE t ADD COLUMN b")) {
      alter.executeUpdate();
    }
    try (PreparedStatement insert = connection.prepareStatement("INSERT INTO t VALUES (1, 2)")) {
      insert.executeUpdate();
    }
    try (PreparedStatement select = connection.prepareStatement(all);
        ResultSet rows = select.executeQuery()) {
      assertThat(rows.next()).isTrue();
      assertThat(rows.getInt("a")).isOne();
    }
  }
}
