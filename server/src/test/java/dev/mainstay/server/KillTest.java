package dev.mainstay.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Kills the server's process with SIGKILL while it runs tasks of forty steps, and starts it again:
 * each run must go on by itself and end as if nothing had happened. Each run is killed once. One of
 * the runs that go on at the same time is killed as soon as its event with a given number is seen;
 * in the sample, the others are killed wherever they are.
 *
 * <p>The default build takes a sample of the numbers. All of them, one after the other, are taken
 * with
 *
 * <pre>./mvnw verify -Pchaos -pl server -am</pre>
 *
 * which is to be run before a change to the journal, the runner, the queue or the loop lands.
 * {@code -Dchaos.seed=N} chooses other random instants; the seed in use is in the test's report.
 */
class KillTest {
  private static final boolean EVERY_INDEX = Boolean.getBoolean("chaos.full");
  private static final long SEED = Long.getLong("chaos.seed", 20_261_122L);

  /**
   * Sampled indices lie this far apart: coprime to the events of a step, so that all kinds come.
   */
  private static final int STRIDE = 31;

  private static final int RANDOM_INSTANTS = 2;
  private static final int RANDOM_INSTANTS_IN_FULL = 40;

  /** Runs that one kill hits; the others than the first are hit wherever they are. */
  private static final int AT_ONCE = EVERY_INDEX ? 1 : 3;

  @TempDir Path directory;

  private int tasks;
  private int repeated;
  private final TreeSet<Long> hit = new TreeSet<>();

  @Test
  @Timeout(value = 2, unit = TimeUnit.HOURS)
  void killedRunEndsAsIfNothingHadHappened(TestReporter report) throws Exception {
    TestRepository repository = TestRepository.create(directory, "forty", FortySteps.REPOSITORY);
    try (PlayedModel model = new PlayedModel(new FortySteps());
        ServerProcess server =
            ServerProcess.in(
                directory,
                Map.of(
                    "ANTHROPIC_BASE_URL", model.url(),
                    "ANTHROPIC_API_KEY", "sk-test",
                    "MAINSTAY_LOCAL_REPOS", directory.toString()))) {
      server.startRecording();
      String undisturbed = server.tasks().create(repository.url(), prompt(0));
      server.tasks().awaitSuccess(undisturbed);
      check(server, model, repository, undisturbed, prompt(0), 0);
      int last = server.tasks().events(undisturbed).size();
      server.stop();
      server.start();
      for (int index : indices(last)) {
        round(server, model, repository, index, 0);
      }
      Random random = new Random(SEED);
      int instants = EVERY_INDEX ? RANDOM_INSTANTS_IN_FULL : RANDOM_INSTANTS;
      report.publishEntry("seed of the random instants", Long.toString(SEED));
      for (int i = 0; i < instants; i++) {
        round(server, model, repository, 1 + random.nextInt(last), random.nextInt(20_000_000));
      }
      report.publishEntry(
          "kills",
          "%d runs of %d events; killed after %d different ones; %d model calls repeated"
              .formatted(tasks, last, hit.size(), repeated));
    }
  }

  private static List<Integer> indices(int last) {
    List<Integer> indices = new ArrayList<>();
    // The last event ends the run: there is nothing left to kill.
    for (int index = 1; index < last; index += EVERY_INDEX ? 1 : STRIDE) {
      indices.add(index);
    }
    return indices;
  }

  private static String prompt(int task) {
    return "Make forty steps, number " + task;
  }

  /** Starts runs, kills the server at an event of the first, and looks how they all end. */
  private void round(
      ServerProcess server,
      PlayedModel model,
      TestRepository repository,
      int index,
      long laterNanos)
      throws Exception {
    record Run(String id, String prompt) {}
    List<Run> runs = new ArrayList<>();
    for (int i = 0; i < AT_ONCE; i++) {
      String prompt = prompt(++tasks);
      runs.add(new Run(server.tasks().create(repository.url(), prompt), prompt));
    }
    awaitEvent(server, runs.getFirst().id(), index);
    if (laterNanos > 0) {
      LockSupport.parkNanos(laterNanos);
    }
    server.restart();
    for (Run run : runs) {
      server.tasks().awaitSuccess(run.id());
      check(server, model, repository, run.id(), run.prompt(), 1);
      model.forget(run.prompt());
    }
  }

  private static void awaitEvent(ServerProcess server, String id, int index)
      throws IOException, InterruptedException {
    try (EventReader events = new EventReader(server.client(), id, 0)) {
      Optional<JsonNode> event = events.nextStored();
      while (event.isPresent() && event.get().path("seq").asInt() < index) {
        event = events.nextStored();
      }
    }
  }

  private void check(
      ServerProcess server,
      PlayedModel model,
      TestRepository repository,
      String id,
      String prompt,
      int kills)
      throws Exception {
    assertThat(model.violations()).isEmpty();
    assertThat(model.repeatedCalls(prompt)).as("repeated calls").isLessThanOrEqualTo(kills);
    repeated += model.repeatedCalls(prompt);

    TestTasks api = server.tasks();
    JsonNode task = api.get(id);
    checkCommit(repository, task);
    checkEvents(api.events(id), kills);
    checkMessages(api.messages(id), model.lastHeard(prompt), task);
    assertThat(api.toolCalls(id))
        .allSatisfy(call -> assertThat(call.path("state").asText()).isEqualTo("finished"));
  }

  private static void checkCommit(TestRepository repository, JsonNode task) throws Exception {
    String branch = task.path("result").path("branch").asText();
    assertThat(repository.commitsOnTop(branch))
        .containsExactly(task.path("result").path("commit").asText());
    assertThat(repository.parent(repository.commit(branch))).isEqualTo(repository.base());
    Map<String, String> expected = FortySteps.expectedFiles();
    assertThat(repository.files(branch)).containsExactlyInAnyOrderElementsOf(expected.keySet());
    for (Map.Entry<String, String> file : expected.entrySet()) {
      assertThat(repository.file(branch, file.getKey()))
          .as(file.getKey())
          .isEqualTo(file.getValue().stripTrailing());
    }
  }

  private void checkEvents(List<JsonNode> events, int kills) {
    TestTasks.assertGapFree(events);
    assertThat(events.getLast().path("type").asText()).isEqualTo("complete");
    List<JsonNode> begins =
        events.stream()
            .filter(event -> event.path("data").path("status").asText().equals("running"))
            .toList();
    // A run that was killed while it waited for its turn began once.
    assertThat(begins).hasSizeBetween(1, 1 + kills);
    if (begins.size() > 1) {
      hit.add(begins.getLast().path("seq").asLong() - 1);
    }
    assertThat(events.stream().filter(event -> event.path("type").asText().equals("complete")))
        .hasSize(1);
  }

  /** What is stored is what the model heard, and its last answer. */
  private static void checkMessages(List<JsonNode> stored, Conversation heard, JsonNode task) {
    List<JsonNode> sent = heard.messages();
    assertThat(stored).hasSize(sent.size() + 1);
    for (int i = 0; i < sent.size(); i++) {
      assertThat(stored.get(i).path("role")).isEqualTo(sent.get(i).path("role"));
      assertThat(stored.get(i).path("content")).isEqualTo(sent.get(i).path("content"));
    }
    assertThat(Json.write(stored.getLast())).contains("All 40 steps are done.");
    int turns = heard.turns() + 1;
    JsonNode usage = task.path("usage");
    assertThat(usage.path("turns").asInt()).isEqualTo(turns);
    assertThat(usage.path("modelCalls").asInt()).isEqualTo(turns);
    assertThat(Reply.Tokens.of(usage)).isEqualTo(FortySteps.cost(0, turns));
  }
}
