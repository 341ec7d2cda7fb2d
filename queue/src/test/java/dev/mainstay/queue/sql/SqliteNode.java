package dev.mainstay.queue.sql;

import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.contract.CuttableTransactions;
import dev.mainstay.queue.contract.QueueNode;
import java.nio.file.Path;
import java.time.InstantSource;
import org.sqlite.SQLiteDataSource;

/** One process's view of a queue in an SQLite file. */
final class SqliteNode implements QueueNode {
  private final DataSourceTransactions source;
  private final CuttableTransactions transactions;
  private final SqlTaskQueue queue;

  SqliteNode(Path file, InstantSource clock) {
    SQLiteDataSource dataSource = new SQLiteDataSource();
    dataSource.setUrl("jdbc:sqlite:" + file);
    source = new DataSourceTransactions(dataSource, Dialect.sqlite());
    transactions = new CuttableTransactions(source);
    queue = new SqlTaskQueue("test", transactions, clock, Dialect.sqlite());
    queue.createSchema();
  }

  @Override
  public TaskQueue queue() {
    return queue;
  }

  @Override
  public Transactions transactions() {
    return transactions;
  }

  @Override
  public void cut() {
    transactions.cut(true);
  }

  @Override
  public void heal() {
    transactions.cut(false);
  }

  @Override
  public int refusals() {
    return transactions.refusals();
  }

  @Override
  public void close() {
    source.close();
  }
}
