package dev.mainstay.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.memory.MemoryTaskQueue;
import dev.mainstay.server.platform.Json;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the process of a job is given, and what its end means. */
@Tag("once") // needs no database
class ExecHandlerTest {
  @TempDir private Path directory;

  private final TaskQueue queue = new MemoryTaskQueue("stored/mail", InstantSource.system());
  private final StringWriter report = new StringWriter();
  private final List<Worker> workers = new ArrayList<>();

  @AfterEach
  void close() {
    workers.forEach(Worker::close);
  }

  private Worker work(String command) {
    Worker worker =
        queue.work(
            WorkerOptions.of("test", 1), new ExecHandler("mail", command, new PrintWriter(report)));
    workers.add(worker);
    return worker;
  }

  private Job run(String command) {
    return run(command, JobRequest.of("welcome", "{\"to\":\"ü@x\"}"));
  }

  private Job run(String command, JobRequest request) {
    String id = queue.add(request).id();
    work(command);
    return awaitEnd(id);
  }

  private Job awaitEnd(String id) {
    return await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> queue.find(id).orElseThrow(), found -> found.finishedAt().isPresent());
  }

  private List<String> logs(Job job) {
    return queue.logs(job.id(), 0, 1000);
  }

  @Test
  void processGetsTheJob() {
    Job job =
        run("cat; echo; echo \"\\\"$MAINSTAY_QUEUE $MAINSTAY_JOB_NAME $MAINSTAY_LEASE_TOKEN\\\"\"");
    JsonNode given = Json.read(logs(job).getFirst());
    assertThat(given.path("id").asText()).isEqualTo(job.id());
    assertThat(given.path("queue").asText()).isEqualTo("mail");
    assertThat(given.path("data").path("to").asText()).isEqualTo("ü@x");
    assertThat(job.returnValue())
        .hasValue("\"mail welcome " + given.path("leaseToken").asLong() + "\"");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "true | ``",
        "echo '{\"a\": 1}' | `{\"a\": 1}`",
        "echo one; echo 2 | 2",
        "echo done and dusted | \"done and dusted\"",
        "echo null; echo; echo | null",
        "printf 'no line end' | \"no line end\"",
        "printf 'a\\000b' | \"a\uFFFDb\"",
      })
  void lastLineIsTheResult(String command, String result) {
    Job job = run(command);
    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.returnValue().orElse("")).isEqualTo(result);
  }

  @Test
  void otherExitCodesFail() {
    Job job = run("echo one; echo 'to be seen' >&2; echo two; exit 3");
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failedReason()).hasValue("exit code 3: to be seen");
    assertThat(logs(job)).containsExactlyInAnyOrder("one", "to be seen", "two");
    assertThat(report.toString()).contains(job.id() + " ended early in ");
  }

  @Test
  void unknownCommandsFail() {
    Job job = run("no-such-command-here");
    assertThat(job.state()).isEqualTo(JobState.FAILED);
    assertThat(job.failedReason().orElse("")).startsWith("exit code 127: ");
  }

  @Test
  void failedJobsAreTriedAgain() {
    Path marker = directory.resolve("marker");
    Job job =
        run(
            "test -f '" + marker + "' || { touch '" + marker + "'; exit 1; }",
            JobRequest.of("x", "{}").with(options -> options.attempts(2)));
    assertThat(job.state()).isEqualTo(JobState.COMPLETED);
    assertThat(job.attemptsMade()).isEqualTo(2);
  }

  @Test
  void processesThatDoNotReadTheirJobAreFine() {
    String large = "\"" + "x".repeat(900_000) + "\"";
    Job job = run("echo 1", JobRequest.of("x", large));
    assertThat(job.returnValue()).hasValue("1");
  }

  @Test
  void largeJobsReachTheProcess() {
    String large = "\"" + "x".repeat(900_000) + "\"";
    Job job = run("wc -c | tr -d ' '", JobRequest.of("x", large));
    assertThat(Integer.parseInt(job.returnValue().orElseThrow())).isGreaterThan(900_000);
  }

  @Test
  void whatIsPrintedIsBounded() {
    Job much = run("yes a line of text | head -n 200000; echo 1");
    assertThat(much.returnValue()).hasValue("1");
    assertThat(logs(much)).hasSizeLessThanOrEqualTo(1000);
  }

  @Test
  void resultThatIsTooLargeFails() {
    Job wide = run("head -c 3000000 /dev/zero | tr '\\0' 'x'");
    assertThat(wide.state()).isEqualTo(JobState.FAILED);
    assertThat(wide.failedReason().orElse("")).contains("at most");
  }

  @Test
  void logIsStoredWhileTheProcessRuns() throws Exception {
    String id = queue.add(JobRequest.of("x", "{}")).id();
    Path go = directory.resolve("go");
    work("echo started >&2; while [ ! -f '" + go + "' ]; do sleep 0.05; done");
    await().until(() -> queue.logs(id, 0, 10), List.of("started")::equals);
    Files.createFile(go);
    assertThat(awaitEnd(id).state()).isEqualTo(JobState.COMPLETED);
  }

  @Test
  void canceledJobsLeaveNoProcess() throws Exception {
    Path pids = directory.resolve("pids");
    String id = queue.add(JobRequest.of("x", "{}")).id();
    work("sleep 1000 & echo $$ $! > '" + pids + "'; wait");
    await().until(() -> Files.exists(pids) && Files.readString(pids).endsWith("\n"));
    queue.cancel(id, "not wanted");
    assertThat(awaitEnd(id).failedReason()).hasValue("canceled: not wanted");
    for (String pid : Files.readString(pids).strip().split(" ", -1)) {
      assertThat(ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive)).isEmpty();
    }
  }

  @Test
  void processesThatIgnoreSigtermAreKilled() {
    String id =
        queue
            .add(JobRequest.of("x", "{}").with(options -> options.timeout(Duration.ofMillis(300))))
            .id();
    work("trap '' TERM; while true; do sleep 1; done");
    assertThat(awaitEnd(id).state()).isEqualTo(JobState.FAILED);
  }
}
