package dev.mainstay.server.platform;

import dev.mainstay.queue.Transactions;
import java.sql.SQLException;

/** Lets the queue work on the server's database, with its group commit. */
public final class DatabaseTransactions implements Transactions {
  private final Database database;

  public DatabaseTransactions(Database database) {
    this.database = database;
  }

  @Override
  public <T> T write(Work<T> work) {
    return database.write(tx -> run(work, tx.connection()));
  }

  @Override
  public <T> T read(Work<T> work) {
    return database.read(sql -> sql.connectionResult(connection -> work.run(connection)));
  }

  @Override
  public <T> T maintain(Work<T> work) {
    return switch (database) {
      case SqliteDatabase sqlite -> read(work);
      case PostgresDatabase postgres -> postgres.maintain(connection -> run(work, connection));
    };
  }

  private static <T> T run(Work<T> work, java.sql.Connection connection) {
    try {
      return work.run(connection);
    } catch (SQLException e) {
      throw new IllegalStateException("A queue statement failed", e);
    }
  }
}
