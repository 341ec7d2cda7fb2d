package dev.mainstay.server;

import static dev.mainstay.server.TestPeople.ok;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of the tasks of an organization that is deleted. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class DeletedOrganizationTest {
  @TempDir Path directory;
  private final CountDownLatch answer = new CountDownLatch(1);
  private PlayedModel model;
  private TestRepository repository;
  private TestServer server;
  private TestPeople people;

  @BeforeEach
  void start() throws Exception {
    model =
        new PlayedModel(
            (conversation, time) -> {
              if (conversation.prompt().equals("Wait")) {
                await();
              }
              return new PlayedModel.Say(Reply.text("Done"));
            });
    repository = TestRepository.create(directory, "sample", Map.of("README.md", "# Sample\n"));
    Map<Setting, String> settings = new HashMap<>(TestPeople.SETTINGS);
    settings.put(Setting.ROLES, "web,worker");
    settings.put(Setting.AGENT_SLOTS, "1");
    settings.put(Setting.ANTHROPIC_BASE_URL, model.url());
    settings.put(Setting.ANTHROPIC_API_KEY, "sk-test");
    settings.put(Setting.LOCAL_REPOS, directory.toString());
    server = TestServer.start(directory, settings);
    people = new TestPeople(server, directory);
  }

  @AfterEach
  void stop() {
    answer.countDown();
    server.close();
    model.close();
  }

  private void await() {
    try {
      assertThat(answer.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private String task(TestPeople.Person person, String prompt)
      throws IOException, InterruptedException {
    TestClient.Answer created = person.post("/api/tasks", TestTasks.body(repository.url(), prompt));
    assertThat(created.status()).as(created.body()).isEqualTo(202);
    return created.json().path("id").asText();
  }

  private String status(String task) {
    return people.value("select status from tasks where id = '" + task + "'");
  }

  private void awaitStatus(String task, String status) {
    Awaitility.await(task + " is " + status)
        .atMost(Duration.ofSeconds(30))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> status(task).equals(status));
  }

  @Test
  void whatRunsInItEndsAndWhatIsQueuedNeverRuns() throws Exception {
    TestPeople.Person ada = people.signUp("ada");
    String own = task(ada, "Quick");
    awaitStatus(own, "succeeded");
    ObjectNode acme = Json.object().put("name", "Acme").put("slug", "acme");
    String organization = ok(ada.organization("create", acme)).path("id").asText();
    String running = task(ada, "Wait");
    String queued = task(ada, "Queued");
    awaitStatus(running, "running");

    ok(ada.organization("delete", Json.object().put("organizationId", organization)));
    awaitStatus(running, "canceled");
    awaitStatus(queued, "canceled");
    assertThat(model.calls("Queued")).isZero();
    assertThat(ada.get("/api/tasks/" + running).status()).isEqualTo(404);

    String next = task(ada, "Quick");
    awaitStatus(next, "succeeded");
    assertThat(status(own)).isEqualTo("succeeded");
  }

  @Test
  void whoeverDeletesTheirAccountLeavesNothingThatRuns() throws Exception {
    TestPeople.Person bob = people.signUp("bob");
    String running = task(bob, "Wait");
    awaitStatus(running, "running");
    ok(bob.post("/api/auth/delete-user", Json.object().put("password", TestPeople.PASSWORD)));
    awaitStatus(running, "canceled");
  }
}
