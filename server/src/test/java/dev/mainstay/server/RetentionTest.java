package dev.mainstay.server;

import static dev.mainstay.server.schema.Tables.AUDIT_LOG;
import static dev.mainstay.server.schema.Tables.MESSAGES;
import static dev.mainstay.server.schema.Tables.MODEL_CALLS;
import static dev.mainstay.server.schema.Tables.TASKS;
import static dev.mainstay.server.schema.Tables.TASK_EVENTS;
import static dev.mainstay.server.schema.Tables.TASK_INPUTS;
import static dev.mainstay.server.schema.Tables.TOOL_CALLS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.event.EventHub;
import dev.mainstay.server.event.EventLog;
import dev.mainstay.server.platform.Broadcast;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.TestDatabases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jooq.Table;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is kept, and what goes: by age, at whatever rate it comes, and when somebody says so. */
@Timeout(180)
class RetentionTest {
  private static final Duration ALL = Duration.ofSeconds(-1);

  @TempDir static Path directory;
  private static PlayedModel model;
  private static TestRepository repository;
  private static TestServer server;
  private static Database database;

  @BeforeAll
  static void start() throws Exception {
    model =
        new PlayedModel(
            (conversation, time) ->
                new PlayedModel.Say(
                    conversation.turns() == 0
                        ? Reply.text("I write.").write("toolu_0", "made.txt", "made\n")
                        : Reply.text("Done.")));
    repository = TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    server =
        TestServer.start(
            directory,
            Map.of(
                Setting.ANTHROPIC_BASE_URL, model.url(),
                Setting.ANTHROPIC_API_KEY, "sk-test",
                Setting.LOCAL_REPOS, directory.toString()));
    database = TestDatabases.open(directory.resolve("data"));
  }

  @AfterAll
  static void stop() {
    database.close();
    server.close();
    model.close();
  }

  private static String finished() throws Exception {
    TestTasks tasks = new TestTasks(server.client());
    String id = tasks.create(repository.url(), "Write " + Ids.next());
    tasks.awaitSuccess(id);
    return id;
  }

  private static int rows(Table<?> table, String task) {
    return database.read(
        sql ->
            sql.fetchCount(
                table,
                table == TASKS
                    ? TASKS.ID.eq(task)
                    : table.field("task_id", String.class).eq(task)));
  }

  private static EventLog events() {
    return new EventLog(database, new EventHub(), Broadcast.NONE, Clock.systemUTC());
  }

  /** More than any round's batch, of one task and of many. */
  @Test
  void eventsOfFinishedTasksGoHoweverManyThereAreAndOthersStay() throws Exception {
    String big = finished();
    String small = finished();
    String open =
        new TestTasks(server.client())
            .create(
                TestTasks.body(repository.url(), "Later " + big)
                    .put("notBefore", Instant.now().plus(Duration.ofHours(1)).toString()));
    new TestTasks(server.client()).act(open, "cancel");
    database.execute(
        tx -> tx.sql().update(TASKS).setNull(TASKS.FINISHED_AT).where(TASKS.ID.eq(open)).execute());
    int before = rows(TASK_EVENTS, open);
    fill(big, 2600);
    assertThat(events().prune(ALL)).isGreaterThan(2600);
    assertThat(rows(TASK_EVENTS, big)).isEqualTo(1);
    assertThat(rows(TASK_EVENTS, small)).isEqualTo(1);
    assertThat(rows(TASK_EVENTS, open)).as("it is not over").isEqualTo(before);
    assertThat(events().prune(ALL)).as("nothing is looked at again").isZero();
  }

  private static void fill(String task, int count) {
    String organization =
        database.read(
            sql ->
                sql.select(TASKS.ORGANIZATION_ID)
                    .from(TASKS)
                    .where(TASKS.ID.eq(task))
                    .fetchSingle()
                    .value1());
    database.execute(
        tx -> {
          for (int i = 0; i < count; i++) {
            tx.sql()
                .insertInto(TASK_EVENTS)
                .set(TASK_EVENTS.TASK_ID, task)
                .set(TASK_EVENTS.SEQ, 100_000L + i)
                .set(TASK_EVENTS.ORGANIZATION_ID, organization)
                .set(TASK_EVENTS.TYPE, "status")
                .set(TASK_EVENTS.DATA, "{}")
                .set(TASK_EVENTS.AT, Instant.EPOCH)
                .execute();
          }
        });
  }

  @Test
  void theAuditLogIsPrunedHoweverLongItIs() {
    Instant old = Instant.now().minus(Duration.ofDays(800));
    String user =
        database.read(
            sql -> sql.fetch("select id from users").getValues(0, String.class).getFirst());
    database.execute(
        tx -> {
          for (int i = 0; i < 1700; i++) {
            tx.sql()
                .insertInto(AUDIT_LOG)
                .set(AUDIT_LOG.ID, "0" + Ids.next())
                .set(AUDIT_LOG.ACTOR_ID, user)
                .set(AUDIT_LOG.ACTION, "test.old")
                .set(AUDIT_LOG.IP_ADDRESS, "")
                .set(AUDIT_LOG.USER_AGENT, "")
                .set(AUDIT_LOG.CREATED_AT, old)
                .execute();
          }
        });
    int unused = new AuditLog(Clock.systemUTC()).prune(database, Duration.ofDays(365));
    assertThat(
            database.<Integer>read(
                sql -> sql.fetchCount(AUDIT_LOG, AUDIT_LOG.ACTION.eq("test.old"))))
        .isZero();
  }

  @Test
  void aDeletedTaskLeavesNothing() throws Exception {
    String id = finished();
    String other = finished();
    Path runs = directory.resolve("data/git/runs");
    assertThat(named(runs, id)).isNotEmpty();
    assertThat(server.client().delete("/api/tasks/" + id).status()).isEqualTo(204);
    for (Table<?> table :
        List.of(TASKS, TASK_EVENTS, MESSAGES, TOOL_CALLS, MODEL_CALLS, TASK_INPUTS)) {
      assertThat(rows(table, id)).as(table.getName()).isZero();
    }
    assertThat(named(runs, id)).isEmpty();
    for (String path : List.of("", "/events", "/messages", "/tool-calls", "/diff")) {
      assertThat(server.client().get("/api/tasks/" + id + path).status()).as(path).isEqualTo(404);
    }
    assertThat(server.client().delete("/api/tasks/" + id).status()).isEqualTo(404);
    assertThat(server.client().get("/api/tasks/" + other).status()).isEqualTo(200);
    assertThat(named(runs, other)).isNotEmpty();
  }

  private static List<String> named(Path directory, String id) throws Exception {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(path -> path.getFileName().toString()).filter(id::equals).toList();
    }
  }

  @Test
  void aTaskThatIsNotOverCannotBeDeleted() throws Exception {
    TestTasks tasks = new TestTasks(server.client());
    String id =
        tasks.create(
            TestTasks.body(repository.url(), "Later")
                .put("notBefore", Instant.now().plus(Duration.ofHours(1)).toString()));
    TestClient.Answer refused = server.client().delete("/api/tasks/" + id);
    assertThat(refused.status()).as(refused.body()).isEqualTo(409);
    assertThat(refused.json().path("type").asText()).endsWith("wrong-status");
    try (EventReader reader = new EventReader(server.client(), id, 0)) {
      assertThat(reader.nextStored()).isPresent();
      tasks.act(id, "cancel");
      assertThat(server.client().delete("/api/tasks/" + id).status()).isEqualTo(204);
      Optional<?> last = reader.next();
      while (last.isPresent()) {
        last = reader.next();
      }
    }
  }

  @Test
  void aKeyThatOnlyReadsDeletesNothing() throws Exception {
    String id = finished();
    String key =
        server
            .client()
            .post("/api/keys", "{\"name\": \"reader\", \"scopes\": [\"tasks:read\"]}")
            .json()
            .path("key")
            .asText();
    assertThat(new TestClient(server.mainstay().url(), key).delete("/api/tasks/" + id).status())
        .isEqualTo(403);
    assertThat(rows(TASKS, id)).isEqualTo(1);
  }
}
