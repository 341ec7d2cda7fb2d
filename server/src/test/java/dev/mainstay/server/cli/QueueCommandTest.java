package dev.mainstay.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.TestDatabases;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** {@code mainstay queue …} on a data directory. */
class QueueCommandTest {
  @TempDir private Path directory;
  private final List<Process> workers = new ArrayList<>();

  @AfterEach
  void stop() throws InterruptedException {
    for (Process worker : workers) {
      worker.destroyForcibly().waitFor();
    }
  }

  private Commands.Done mainstay(String... arguments) {
    List<String> all = new ArrayList<>(List.of("queue"));
    all.addAll(List.of(arguments));
    Path data = directory.resolve("data");
    all.addAll(List.of("--data-dir", data.toString()));
    return new Commands(data).run(all.toArray(String[]::new));
  }

  private String ok(String... arguments) {
    Commands.Done done = mainstay(arguments);
    assertThat(done.code()).as(done.err()).isZero();
    return done.out();
  }

  private JsonNode job(String id) {
    return Json.read(ok("show", "mail", id));
  }

  private void awaitState(String id, String state) {
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> job(id).path("state").asText().equals(state));
  }

  @Test
  void jobIsAddedWithItsOptionsAndShown() {
    String id =
        ok(
            "add",
            "mail",
            "welcome",
            "--data",
            "{\"to\":\"a\"}",
            "--priority",
            "P1",
            "--delay",
            "5m",
            "--attempts",
            "3",
            "--backoff",
            "exponential:1s",
            "--timeout",
            "500ms",
            "--job-id",
            "first",
            "--lifo",
            "--group",
            "tenant-1",
            "--units",
            "7",
            "--deduplication-id",
            "once",
            "--deduplication-ttl",
            "1m");
    assertThat(id).isEqualTo("first");
    JsonNode job = job("first");
    assertThat(job.path("state").asText()).isEqualTo("delayed");
    assertThat(job.path("data").path("to").asText()).isEqualTo("a");
    JsonNode options = job.path("opts");
    assertThat(options.path("priority").asInt()).isEqualTo(1);
    assertThat(options.path("delay").asLong()).isEqualTo(300_000);
    assertThat(options.path("attempts").asInt()).isEqualTo(3);
    assertThat(options.path("backoff").path("type").asText()).isEqualTo("exponential");
    assertThat(options.path("backoff").path("delay").asLong()).isEqualTo(1000);
    assertThat(options.path("timeout").asLong()).isEqualTo(500);
    assertThat(options.path("lifo").asBoolean()).isTrue();
    assertThat(options.path("group").path("id").asText()).isEqualTo("tenant-1");
    assertThat(options.path("units").asLong()).isEqualTo(7);
    assertThat(options.path("deduplication").path("ttl").asLong()).isEqualTo(60_000);
    assertThat(ok("add", "mail", "x", "--deduplication-id", "once")).isEqualTo("first");
    assertThat(job.path("logs")).isEmpty();
  }

  @Test
  void queuesAndJobsAreListed() {
    ok("add", "mail", "welcome");
    ok("add", "mail", "later", "--delay", "1h");
    ok("pause", "reports");
    ok("concurrency", "reports", "4");
    List<String> lines = ok("ls").lines().map(line -> line.replaceAll(" +", " ")).toList();
    assertThat(lines)
        .containsExactly(
            "QUEUE WAITING DELAYED ACTIVE COMPLETED FAILED LIMIT",
            "mail 1 1 0 0 0 -",
            "reports 0 0 0 0 0 4 paused");
    assertThat(ok("show", "mail")).contains("welcome", "later", "delayed");
    assertThat(ok("show", "mail", "--state", "waiting"))
        .contains("welcome")
        .doesNotContain("later");
    ok("rate", "reports", "100/1m");
    ok("rate", "reports", "9/1s", "--units");
    ok("resume", "reports");
    ok("rate", "reports");
    ok("concurrency", "reports");
    assertThat(ok("ls")).doesNotContain("paused").doesNotContain("4");
  }

  @Test
  void jobsAreScheduled() {
    String next =
        ok("schedule", "mail", "daily", "report", "--cron", "0 9 * * *", "--tz", "Europe/Berlin");
    assertThat(Instant.parse(next)).isAfter(Instant.now());
    ok("schedule", "mail", "often", "ping", "--every", "5m", "--data", "[1]", "--limit", "3");
    List<String> lines =
        ok("schedulers", "mail").lines().map(line -> line.replaceAll(" +", " ")).toList();
    assertThat(lines.get(1)).isEqualTo("daily report 0 9 * * * Europe/Berlin 1 " + next);
    assertThat(lines.get(2)).startsWith("often ping every PT5M 1 ");
    assertThat(ok("show", "mail", "--state", "delayed")).contains("repeat:daily:");
    ok("unschedule", "mail", "daily");
    assertThat(ok("schedulers", "mail")).doesNotContain("daily");
  }

  @Test
  void jobsAreOperatedOn() {
    String late = ok("add", "mail", "later", "--delay", "1h");
    ok("promote", "mail", late);
    assertThat(job(late).path("state").asText()).isEqualTo("waiting");
    assertThat(ok("cancel", "mail", late, "--reason", "no")).isEqualTo("failed");
    assertThat(job(late).path("failedReason").asText()).isEqualTo("canceled: no");
    assertThat(ok("retry", "mail", "--all-failed")).isEqualTo("1");
    assertThat(ok("drain", "mail")).isEqualTo("1");
    String id = ok("add", "mail", "x");
    ok("cancel", "mail", id);
    ok("retry", "mail", id);
    ok("cancel", "mail", id);
    assertThat(ok("clean", "mail")).isEqualTo("0");
    assertThat(ok("clean", "mail", "--state", "failed", "--grace", "1h")).isEqualTo("0");
    assertThat(ok("clean", "mail", "--state", "failed")).isEqualTo("1");
    String other = ok("add", "mail", "x");
    ok("rm", "mail", other);
    assertThat(mainstay("show", "mail", other).code()).isEqualTo(1);
    ok("obliterate", "mail");
    assertThat(mainstay("show", "mail").code()).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "add mail x --priority P9",
        "add mail x --delay soon",
        "add mail x --backoff 1s",
        "add mail x --backoff linear:1s",
        "add mail x --attempts many",
        "add mail",
        "show mail --state running",
        "retry mail",
        "retry mail id --all-failed",
        "clean mail --grace -1s",
        "work mail",
        "paws mail",
        "rate mail 5",
        "schedule mail x y",
        "schedule mail x y --every 5m --cron @daily",
        "schedule mail x y --cron @daily --tz Nowhere",
        "rate mail 0/1m",
        "rate mail 5/soon",
      })
  void wrongUsageIsToldApart(String arguments) {
    Commands.Done done = mainstay(arguments.split(" ", -1));
    assertThat(done.code()).as(done.err()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(done.err()).isNotBlank().doesNotContain("\tat ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "add mail x --data {",
        "add mail x --attempts 0",
        "add mail x --priority -1",
        "add mail x --deduplication-ttl 1m",
        "add ma:il x",
        "show none id",
        "show none",
        "resume none",
        "clean none --state active",
        "concurrency none 0",
        "schedule mail x y --cron 99",
        "schedule mail x y --every 5m --delay 1s",
        "unschedule mail x",
        "work mail --exec true --concurrency 0",
      })
  void whatCannotBeDoneIsOneSentence(String arguments) {
    Commands.Done done = mainstay(arguments.split(" ", -1));
    assertThat(done.code()).as(done.err()).isEqualTo(CommandLine.ExitCode.SOFTWARE);
    assertThat(done.err()).startsWith("mainstay: ").doesNotContain("\n");
  }

  /** A worker as a process of its own, once it has started. */
  private Process work(String command, String... more) throws IOException {
    List<String> all =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath(),
                Main.class.getName(),
                "queue",
                "work",
                "mail",
                "--exec",
                command,
                "--data-dir",
                directory.resolve("data").toString()));
    all.addAll(List.of(more));
    Path log = Files.createTempFile(directory, "worker", ".log");
    ProcessBuilder builder =
        new ProcessBuilder(all).redirectErrorStream(true).redirectOutput(log.toFile());
    builder.environment().putAll(TestDatabases.settings(directory.resolve("data")));
    Process worker = builder.start();
    workers.add(worker);
    await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> Files.readString(log).contains("Working on mail"));
    return worker;
  }

  private static String classPath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("-tests.jar"))
        .collect(Collectors.joining(File.pathSeparator));
  }

  @Test
  void workerRunsJobsOfOtherProcessesAndStopsCleanly() throws Exception {
    Process worker = work("sleep 1; echo '{\"ok\":true}'", "--concurrency", "4");
    String id = ok("add", "mail", "welcome");
    awaitState(id, "active");
    worker.destroy();
    assertThat(worker.waitFor(30, TimeUnit.SECONDS)).isTrue();
    JsonNode job = job(id);
    assertThat(job.path("state").asText()).isEqualTo("completed");
    assertThat(job.path("returnValue").path("ok").asBoolean()).isTrue();
  }

  @Test
  void aWorkerKeepsWhatItIsToldOfJobsThatSayNothing() throws Exception {
    Process worker = work("echo 1", "--remove-on-complete", "1");
    String first = ok("add", "mail", "welcome");
    awaitState(first, "completed");
    String second = ok("add", "mail", "welcome");
    awaitState(second, "completed");
    // What is left between two renewals goes as the worker ends.
    worker.destroy();
    assertThat(worker.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(job(second).path("opts").path("removeOnComplete").path("count").asInt())
        .as("what the job itself says")
        .isEqualTo(1000);
    assertThat(mainstay("show", "mail", first).code()).isNotZero();
  }

  @Test
  void workersAreListedWithTheirJobs() throws Exception {
    Process worker = work("sleep 1000", "--concurrency", "4", "--grace", "0s");
    String id = ok("add", "mail", "welcome");
    awaitState(id, "active");
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () ->
                ok("workers", "mail")
                    .lines()
                    .skip(1)
                    .anyMatch(line -> line.matches("\\S+-" + worker.pid() + " .* 1/4 .* " + id)));
    worker.destroy();
    assertThat(worker.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(ok("workers", "mail").lines()).hasSize(1);
  }

  @Test
  void jobsOfAKilledWorkerGoToAnother() throws Exception {
    Process killed = work("sleep 1000", "--lease", "1s");
    String id = ok("add", "mail", "welcome");
    awaitState(id, "active");
    killed.destroyForcibly().waitFor();
    work("echo 2");
    awaitState(id, "completed");
    assertThat(job(id).path("stalledCount").asInt()).isEqualTo(1);
    assertThat(job(id).path("returnValue").asInt()).isEqualTo(2);
  }

  @Test
  void runningJobIsCanceledFromAnotherProcess() throws Exception {
    work("sleep 1000");
    String id = ok("add", "mail", "welcome");
    awaitState(id, "active");
    assertThat(ok("cancel", "mail", id)).isIn("active", "failed");
    awaitState(id, "failed");
  }
}
