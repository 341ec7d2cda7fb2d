package dev.mainstay.queue;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.queue.sql.DataSourceTransactions;
import dev.mainstay.queue.sql.Dialect;
import dev.mainstay.queue.sql.SqlTaskQueue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.sqlite.SQLiteDataSource;

/** The README's example is the code between the marks below, and runs. */
final class ReadmeTest {
  @TempDir Path directory;

  @Test
  void runsTheExample() throws Exception {
    Path file = directory.resolve("jobs.db");
    CountDownLatch sent = new CountDownLatch(1);
    // example begins
    var source = new SQLiteDataSource();
    source.setUrl("jdbc:sqlite:" + file);
    try (var transactions = new DataSourceTransactions(source, Dialect.sqlite())) {
      SqlTaskQueue.createSchema(transactions, Dialect.sqlite());
      var mails = new SqlTaskQueue("mails", transactions, InstantSource.system(), Dialect.sqlite());
      try (Worker worker =
          mails.work(
              WorkerOptions.of("host-1", 10),
              (job, context) -> {
                context.log("sending to " + job.data());
                sent.countDown();
                return "{\"sent\":true}";
              })) {
        mails.add(
            JobRequest.of("welcome", "{\"to\":\"ada@example.org\"}")
                .with(
                    options ->
                        options
                            .id("mail-1")
                            .priority(Priority.P1)
                            .attempts(5, Backoff.exponential(Duration.ofSeconds(1)))));
        sent.await(10, TimeUnit.SECONDS);
        worker.close(Duration.ofSeconds(10));
      }
      System.out.println(mails.find("mail-1").orElseThrow().returnValue());
      // example ends
      assertThat(mails.find("mail-1").orElseThrow().returnValue()).contains("{\"sent\":true}");
    }
  }

  @Test
  void isWhatTheReadmeShows() throws Exception {
    String test = Files.readString(Path.of("src/test/java/dev/mainstay/queue/ReadmeTest.java"));
    String begin = "    // example begins\n";
    String code =
        test.substring(
            test.indexOf(begin) + begin.length(), test.indexOf("      // example ends\n"));
    String example = code.replaceAll("(?m)^ {4}", "") + "}\n";

    assertThat(Files.readString(Path.of("README.md"))).contains("```java\n" + example + "```\n");
  }
}
