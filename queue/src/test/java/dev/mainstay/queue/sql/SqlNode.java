package dev.mainstay.queue.sql;

import com.zaxxer.hikari.HikariDataSource;
import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.contract.CuttableTransactions;
import dev.mainstay.queue.contract.TransactionalQueueNode;
import java.nio.file.Path;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.sqlite.SQLiteDataSource;

/** One process's view of a queue in a database. */
final class SqlNode implements TransactionalQueueNode {
  private final DataSourceTransactions source;
  private final CuttableTransactions transactions;
  private final SqlTaskQueue queue;

  private final Runnable closing;

  private SqlNode(DataSource dataSource, Dialect dialect, InstantSource clock, Runnable closing) {
    this.closing = closing;
    source = new DataSourceTransactions(dataSource, dialect);
    transactions = new CuttableTransactions(source);
    queue = new SqlTaskQueue("test", transactions, clock, dialect);
    SqlTaskQueue.createSchema(source, dialect);
  }

  static SqlNode sqlite(Path file, InstantSource clock) {
    SQLiteDataSource dataSource = new SQLiteDataSource();
    dataSource.setUrl("jdbc:sqlite:" + file);
    return new SqlNode(dataSource, Dialect.sqlite(), clock, () -> {});
  }

  static SqlNode postgres(HikariDataSource dataSource, InstantSource clock) {
    return new SqlNode(dataSource, Dialect.postgres(), clock, dataSource::close);
  }

  @Override
  public SqlTaskQueue queue() {
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
    closing.run();
  }
}
