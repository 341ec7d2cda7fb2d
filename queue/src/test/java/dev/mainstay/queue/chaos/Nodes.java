package dev.mainstay.queue.chaos;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.mainstay.queue.redis.RedisConnections;
import dev.mainstay.queue.redis.RedisOptions;
import dev.mainstay.queue.redis.RedisTaskQueue;
import dev.mainstay.queue.sql.DataSourceTransactions;
import dev.mainstay.queue.sql.Dialect;
import dev.mainstay.queue.sql.Signals;
import dev.mainstay.queue.sql.SqlTaskQueue;
import java.sql.DriverManager;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.sqlite.SQLiteDataSource;

/** The queues in the store of a URL, as a program opens them. */
final class Nodes {
  private Nodes() {}

  static DurableStore.Node open(String url) {
    if (url.startsWith("jdbc:sqlite:")) {
      SQLiteDataSource source = new SQLiteDataSource();
      source.setUrl(url);
      return sql(source, Dialect.sqlite(), Signals.sqlite(source::getConnection), () -> {});
    }
    if (url.startsWith("redis:")) {
      RedisConnections connections = RedisConnections.open(url);
      return new DurableStore.Node(
          name ->
              new RedisTaskQueue(name, connections, InstantSource.system(), RedisOptions.DEFAULT),
          connections);
    }
    HikariConfig config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setMaximumPoolSize(8);
    config.setConnectionTimeout(5_000);
    HikariDataSource pool = new HikariDataSource(config);
    return sql(
        pool,
        Dialect.postgres(),
        Signals.postgres(() -> DriverManager.getConnection(url)),
        pool::close);
  }

  private static DurableStore.Node sql(
      DataSource source, Dialect dialect, Signals signals, Runnable closing) {
    DataSourceTransactions transactions = new DataSourceTransactions(source, dialect);
    SqlTaskQueue.createSchema(transactions, dialect);
    return new DurableStore.Node(
        name -> new SqlTaskQueue(name, transactions, InstantSource.system(), dialect, signals),
        () -> {
          signals.close();
          transactions.close();
          closing.run();
        });
  }
}
