package dev.mainstay.queue.sql;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.TransactionalFlowProducer;
import dev.mainstay.queue.Transactions;
import dev.mainstay.queue.contract.CuttableTransactions;
import dev.mainstay.queue.contract.TransactionalQueueNode;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.sqlite.SQLiteDataSource;

/** One process's view of a queue in a database. */
final class SqlNode implements TransactionalQueueNode {
  private final DataSourceTransactions source;
  private final CuttableTransactions transactions;
  private final Signals signals;
  private final SqlTaskQueue queue;
  private final Dialect dialect;
  private final InstantSource clock;
  private final Runnable closing;
  private final LossyDataSource lossy;

  private SqlNode(
      DataSource dataSource,
      Dialect dialect,
      Signals signals,
      InstantSource clock,
      Runnable closing) {
    this.signals = signals;
    this.closing = closing;
    this.dialect = dialect;
    this.clock = clock;
    lossy = new LossyDataSource(dataSource);
    source = new DataSourceTransactions(lossy.dataSource(), dialect);
    transactions = new CuttableTransactions(source);
    queue = new SqlTaskQueue("test", transactions, clock, dialect, signals);
    SqlTaskQueue.createSchema(source, dialect);
  }

  /** The queue in the database of a JDBC URL, of SQLite or of PostgreSQL. */
  static SqlNode at(String url, InstantSource clock) {
    if (url.startsWith("jdbc:sqlite:")) {
      SQLiteDataSource dataSource = new SQLiteDataSource();
      dataSource.setUrl(url);
      Signals signals = Signals.sqlite(dataSource::getConnection);
      return new SqlNode(dataSource, Dialect.sqlite(), signals, clock, () -> {});
    }
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(4);
    HikariDataSource pool = new HikariDataSource(config);
    Signals signals = Signals.postgres(() -> DriverManager.getConnection(url));
    return new SqlNode(pool, Dialect.postgres(), signals, clock, pool::close);
  }

  static SqlNode sqlite(Path file, InstantSource clock) {
    return at("jdbc:sqlite:" + file, clock);
  }

  /** The queue in a database of the tests' server. */
  static SqlNode postgres(String database, InstantSource clock) {
    return at(PostgresServer.url(database), clock);
  }

  @Override
  public TransactionalFlowProducer flowProducer() {
    return new SqlFlowProducer(transactions, clock, dialect, signals);
  }

  @Override
  public TaskQueue queue(String name) {
    return new SqlTaskQueue(name, transactions, clock, dialect, signals);
  }

  @Override
  public SqlTaskQueue queue() {
    return queue;
  }

  @Override
  public Transactions transactions() {
    return transactions;
  }

  /** Its commits are done, and fail all the same while that is asked for. */
  LossyDataSource lossy() {
    return lossy;
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
    signals.close();
    source.close();
    closing.run();
  }
}
