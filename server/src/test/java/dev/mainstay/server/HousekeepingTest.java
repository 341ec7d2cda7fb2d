package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a running server removes by itself. */
@Timeout(180)
class HousekeepingTest {
  @TempDir private Path directory;

  @Test
  void whatIsKeptLongEnoughGoesAndSoDoesWhatNothingIsKnownOf() throws Exception {
    TestRepository repository =
        TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    Map<Setting, String> settings =
        Map.of(
            Setting.MODEL, "scripted",
            Setting.TASK_RETENTION, "1s",
            Setting.WORKSPACE_RETENTION, "1s",
            Setting.LOCAL_REPOS, directory.toString());
    try (TestServer server = TestServer.start(directory, settings);
        Database database = TestDatabases.open(directory.resolve("data"))) {
      TestClient other = new TestClient(server.mainstay().url(), OtherOrganization.key(database));
      String ofDeleted = canceled(other, repository);
      String finished = canceled(server.client(), repository);
      String open = waiting(server.client(), repository);
      database.execute(
          tx ->
              tx.sql()
                  .execute(
                      "update organizations set deleted_at = 1 where id ="
                          + " (select organization_id from tasks where id = '"
                          + ofDeleted
                          + "')"));
      Path forgotten = run(Ids.next(), Instant.now().minus(Duration.ofDays(1)));
      Path unused = mirror("0".repeat(64), Instant.now().minus(Duration.ofDays(1)));
      Path used = mirror("1".repeat(64), Instant.now());
      Path young = run(Ids.next(), Instant.now().plus(Duration.ofHours(1)));

      Awaitility.await()
          .atMost(TestTasks.DEADLINE)
          .untilAsserted(
              () -> {
                assertThat(rows(database, ofDeleted)).isZero();
                assertThat(rows(database, finished)).isZero();
                assertThat(forgotten).doesNotExist();
                assertThat(unused).doesNotExist();
              });
      assertThat(rows(database, open)).isEqualTo(1);
      assertThat(young).exists();
      assertThat(used).exists();
    }
  }

  private static String waiting(TestClient client, TestRepository repository) throws Exception {
    return new TestTasks(client)
        .create(
            TestTasks.body(repository.url(), "Later")
                .put("notBefore", Instant.now().plus(Duration.ofHours(1)).toString()));
  }

  private static String canceled(TestClient client, TestRepository repository) throws Exception {
    String id = waiting(client, repository);
    new TestTasks(client).act(id, "cancel");
    return id;
  }

  private static int rows(Database database, String task) {
    return database.<Integer>read(
        sql -> sql.fetchSingle("select count(*) from tasks where id = ?", task).get(0, int.class));
  }

  /** The local copy of a repository of which no task is left. */
  private Path mirror(String key, Instant time) throws Exception {
    Path mirror = directory.resolve("data/git/mirrors").resolve(key + ".git");
    Process git = new ProcessBuilder("git", "init", "--quiet", "--bare", mirror.toString()).start();
    assertThat(git.waitFor()).isZero();
    return Files.setLastModifiedTime(mirror, FileTime.from(time));
  }

  /** The directory of a run, as if it had been there before. */
  private Path run(String id, Instant time) throws Exception {
    Path run = directory.resolve("data/git/runs").resolve(id);
    Files.createDirectories(run.resolve("tree"));
    Files.writeString(run.resolve("tree/file.txt"), "text");
    return Files.setLastModifiedTime(run, FileTime.from(time));
  }
}
