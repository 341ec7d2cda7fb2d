package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.PlayedModel.Say;
import dev.mainstay.server.event.EventHub;
import dev.mainstay.server.event.EventLog;
import dev.mainstay.server.platform.Broadcast;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.TestDatabases;
import dev.mainstay.server.platform.Tx;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two transactions against each other: one, of another node as it were, has read and will write;
 * the server's must wait for it, and then go by what it finds.
 */
@Tag("postgres")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class RaceTest {
  @TempDir Path directory;
  private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch answer = new CountDownLatch(1);
  private PlayedModel model;
  private TestRepository repository;
  private Database database;

  @BeforeEach
  void start() throws Exception {
    model =
        new PlayedModel(
            (conversation, time) -> {
              if (conversation.prompt().equals("Wait") && conversation.turns() == 0) {
                await(answer);
              }
              return new Say(Reply.text("Heard " + conversation.userTexts()));
            });
    repository = TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    database = TestDatabases.open(directory.resolve("data"));
  }

  @AfterEach
  void stop() {
    answer.countDown();
    executor.close();
    database.close();
    model.close();
  }

  private TestServer server(String roles) throws InterruptedException {
    return TestServer.start(
        directory,
        Map.of(
            Setting.ROLES,
            roles,
            Setting.ANTHROPIC_BASE_URL,
            model.url(),
            Setting.ANTHROPIC_API_KEY,
            "sk-test",
            Setting.LOCAL_REPOS,
            directory.toString()));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Lets the server do something while another transaction holds what it needs.
   *
   * @param first what the other transaction does before the server begins
   * @param last what it does while the server waits for it, before it commits
   */
  private <T> T during(Consumer<Tx> first, Callable<T> act, Consumer<Tx> last) throws Exception {
    CountDownLatch held = new CountDownLatch(1);
    CountDownLatch waited = new CountDownLatch(1);
    Future<?> other =
        executor.submit(
            () ->
                database.execute(
                    tx -> {
                      first.accept(tx);
                      held.countDown();
                      await(waited);
                      last.accept(tx);
                    }));
    await(held);
    Future<T> acting = executor.submit(act);
    Awaitility.await("somebody waits for a lock")
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                database.<Object>read(
                    sql ->
                        sql.fetchValue(
                            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'")),
            waiters -> ((Number) waiters).intValue() > 0);
    waited.countDown();
    other.get(60, TimeUnit.SECONDS);
    return acting.get(60, TimeUnit.SECONDS);
  }

  private static Consumer<Tx> lockTask(String id) {
    return tx -> tx.sql().execute("select 1 from tasks where id = ? for update", id);
  }

  private static Consumer<Tx> setStatus(String id, String status) {
    return tx -> tx.sql().execute("update tasks set status = ? where id = ?", status, id);
  }

  @Test
  void actsGoByTheStateThatOthersLeave() throws Exception {
    try (TestServer server = server("web")) {
      TestTasks tasks = new TestTasks(server.client());
      for (String act : List.of("messages", "cancel")) {
        String id = tasks.create(repository.url(), "Be " + act);
        String body = act.equals("messages") ? Json.object().put("text", "x").toString() : "";
        TestClient.Answer late =
            during(
                lockTask(id),
                () -> server.client().post("/api/tasks/" + id + "/" + act, body),
                setStatus(id, "succeeded"));
        assertThat(late.status()).as(act + late.body()).isEqualTo(409);
      }
      for (String act : List.of("approve", "reject", "retry")) {
        String id = tasks.create(repository.url(), "Be " + act);
        setStatusNow(id, act.equals("retry") ? "failed" : "waiting");
        String body = act.equals("reject") ? Json.object().put("reason", "x").toString() : "";
        TestClient.Answer late =
            during(
                lockTask(id),
                () -> server.client().post("/api/tasks/" + id + "/" + act, body),
                setStatus(id, "queued"));
        assertThat(late.status()).as(act + late.body()).isEqualTo(409);
      }
    }
  }

  private void setStatusNow(String id, String status) {
    database.execute(setStatus(id, status));
  }

  @Test
  void aTaskThatWasCanceledAsItWasTakenDoesNotRun() throws Exception {
    String id;
    try (TestServer web = server("web")) {
      id = new TestTasks(web.client()).create(repository.url(), "Never");
    }
    TestServer both = during(lockTask(id), () -> server("web,worker"), setStatus(id, "canceled"));
    try (both) {
      TestTasks tasks = new TestTasks(both.client());
      String after = tasks.create(repository.url(), "Afterwards");
      tasks.awaitSuccess(after);
      assertThat(model.calls("Never")).isZero();
      assertThat(tasks.get(id).path("status").asText()).isEqualTo("canceled");
      assertThat(tasks.events(id)).hasSize(1);
    }
  }

  /** A message that was accepted is heard, also one that arrives as the conversation ends. */
  @Test
  void aMessageThatArrivesAsTheRunEndsIsHeard() throws Exception {
    try (TestServer server = server("web,worker")) {
      TestTasks tasks = new TestTasks(server.client());
      String id = tasks.create(repository.url(), "Wait");
      Awaitility.await().atMost(TestTasks.DEADLINE).until(() -> model.calls("Wait") > 0);
      JsonNode task =
          during(
              lockTask(id),
              () -> {
                answer.countDown();
                return tasks.awaitSuccess(id);
              },
              tx ->
                  tx.sql()
                      .execute(
                          """
                          insert into task_inputs (id, organization_id, task_id, created_by, text, created_at)
                          select ?, organization_id, id, created_by, 'late', 0 from tasks where id = ?""",
                          Ids.next(),
                          id));
      assertThat(task.path("result").path("summary").asText()).isEqualTo("Heard [late]");
      TestTasks.assertGapFree(tasks.events(id));
    }
  }

  @Test
  void aRequestWithTheSameKeyWaitsForTheFirstAndGetsItsAnswer() throws Exception {
    try (TestServer server = server("web")) {
      String body = TestTasks.body(repository.url(), "Once").toString();
      Consumer<Tx> take =
          tx ->
              tx.sql()
                  .execute(
                      """
                      insert into idempotency_keys (organization_id, endpoint, idempotency_key, body_hash, status, response,
                        created_at)
                      select id, 'POST /api/tasks', 'key', ?, 0, '', 0 from organizations""",
                      Ids.hash(body.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      Callable<TestClient.Answer> create =
          () -> server.client().post("/api/tasks", body, "Idempotency-Key", "key");
      TestClient.Answer stored =
          during(
              take,
              create,
              tx ->
                  tx.sql()
                      .execute(
                          "update idempotency_keys set status = 202, response = '{\"id\":\"theirs\"}'"));
      assertThat(stored.status()).isEqualTo(202);
      assertThat(stored.json().path("id").asText()).isEqualTo("theirs");
      assertThat(server.client().get("/api/tasks").json().path("items")).isEmpty();
    }
  }

  /** A node that dies between its commit and its message leaves it to the others to look. */
  @Test
  void eventsWhoseMessageWasLostAreFound() throws Exception {
    try (TestServer server = server("web")) {
      TestTasks tasks = new TestTasks(server.client());
      String id = tasks.create(repository.url(), "Be seen");
      try (EventReader reader = new EventReader(server.client(), id, 0)) {
        assertThat(reader.nextStored().orElseThrow().path("seq").asInt()).isEqualTo(1);
        database.execute(
            tx ->
                tx.sql()
                    .execute(
                        """
                        insert into task_events (task_id, seq, organization_id, type, data, at)
                        select id, n, organization_id, case n when 4 then 'complete' else 'status' end, '{}', 0
                        from tasks, generate_series(2, 4) n where id = ?""",
                        id));
        for (int seq = 2; seq <= 4; seq++) {
          assertThat(reader.nextStored().orElseThrow().path("seq").asInt()).isEqualTo(seq);
        }
        assertThat(reader.nextStored()).isEmpty();
      }
    }
  }

  @Test
  void oneNodeAtATimeRemovesOldEvents() throws Exception {
    try (TestServer server = server("web");
        EventHub hub = new EventHub()) {
      TestTasks tasks = new TestTasks(server.client());
      String id = tasks.create(repository.url(), "Have events");
      tasks.act(id, "cancel");
      EventLog events = new EventLog(database, hub, Broadcast.NONE, Clock.systemUTC());
      try (Database other = TestDatabases.open(directory.resolve("data"))) {
        other.execute(
            tx -> {
              tx.exclusive("prune events");
              assertThat(prune(events)).isZero();
            });
      }
      assertThat(prune(events)).isPositive();
    }
  }

  private int prune(EventLog events) {
    try {
      return executor.submit(() -> events.prune(Duration.ofSeconds(-1))).get(60, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void queuesAreCountedOneTransactionAfterTheOther() throws Exception {
    try (TestServer server = server("web")) {
      String organization =
          database.read(
              sql ->
                  sql.fetch("select id from organizations").getValues(0, String.class).getFirst());
      TestClient.Answer refused =
          during(
              tx -> tx.exclusive("queues of " + organization),
              () -> server.client().post("/api/queues/one-more/jobs", "{\"name\":\"x\"}"),
              tx ->
                  tx.sql()
                      .execute(
                          """
                          insert into queues (organization_id, name, created_at)
                          select ?, 'q' || n, 0 from generate_series(1, 1000) n""",
                          organization));
      assertThat(refused.status()).as(refused.body()).isEqualTo(409);
      assertThat(refused.json().path("type").asText()).endsWith(":too-many-queues");
    }
  }
}
