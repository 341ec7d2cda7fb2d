package dev.mainstay.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.contract.ControlledHandler;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Worker processes that are killed, for real, while those of the other kind live. */
final class KilledRedisWorkerTest extends Interop {
  private static final Duration VICTIMS_LEASE = Duration.ofSeconds(2);

  /** A job of a dead worker is back so soon after the end of its lease. */
  private static final Duration RECOVERY = Duration.ofSeconds(10);

  /** The process that is killed: it works on one job without end. */
  static final class Victim {
    private Victim() {}

    public static void main(String[] arguments) throws InterruptedException {
      RedisConnections connections = RedisConnections.open(arguments[0]);
      TaskQueue queue =
          new RedisTaskQueue(
              RedisNode.QUEUE,
              connections,
              InstantSource.system(),
              RedisOptions.DEFAULT.withPrefix(arguments[1]));
      queue.work(
          new WorkerOptions("victim", 1, VICTIMS_LEASE, 1),
          (job, context) -> {
            System.out.println("started " + context.token());
            System.out.flush();
            new CountDownLatch(1).await();
            return "";
          });
      // Its threads do not keep the process.
      new CountDownLatch(1).await();
    }
  }

  private Process startVictim() throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            Victim.class.getName(),
            RedisServerProcess.shared().uri(),
            prefix)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** Waits until it has the job, and kills it; returns its token. */
  private long killAtWork() throws Exception {
    Process victim = startVictim();
    long token = 0;
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(victim.getInputStream(), StandardCharsets.UTF_8))) {
      for (String line = output.readLine(); line != null; line = output.readLine()) {
        if (line.startsWith("started ")) {
          token = Long.parseLong(line.substring("started ".length()));
          victim.toHandle().destroyForcibly();
        }
      }
    } finally {
      victim.toHandle().destroyForcibly();
    }
    assertThat(victim.waitFor(20, TimeUnit.SECONDS)).isTrue();
    assertThat(victim.exitValue()).isEqualTo(128 + 9);
    assertThat(token).isPositive();
    return token;
  }

  @Test
  void aJobOfAKilledJavaWorkerIsBackWithinSeconds() throws Exception {
    queue.add(JobRequest.of("x", "{}").with(options -> options.id("x")));
    long lost = killAtWork();
    Instant killed = Instant.now();
    ControlledHandler handler = work(1);
    ControlledHandler.Run run = handler.next();
    assertThat(run.job().id()).isEqualTo("x");
    assertThat(run.job().stalledCount()).isOne();
    assertThat(run.context().token()).isGreaterThan(lost);
    assertThat(Instant.now()).isBefore(killed.plus(VICTIMS_LEASE).plus(RECOVERY));
    run.succeed("");
    awaitState("x", JobState.COMPLETED);
  }

  @Test
  void aPoisonedJobFails() throws Exception {
    queue.add(JobRequest.of("x", "{}").with(options -> options.id("x").attempts(9)));
    killAtWork();
    killAtWork();
    work(1);
    Job job = awaitState("x", JobState.FAILED);
    assertThat(job.failedReason()).contains("job stalled more than allowable limit");
    assertThat(job.stalledCount()).isEqualTo(2);
  }

  @Test
  void takesOverAtOnce() throws Exception {
    queue.add(JobRequest.of("x", "{}").with(options -> options.id("x")));
    killAtWork();
    assertThat(queue.takeOver("someone else")).isZero();
    assertThat(queue.takeOver("victim")).isOne();
    assertThat(work(1).next().job().stalledCount()).isZero();
  }

  @Test
  void aNodeWorkerGetsTheJobOfAKilledJavaWorker() throws Exception {
    queue.add(JobRequest.of("x", "1").with(options -> options.id("x")));
    killAtWork();
    node()
        .run(
            """
            state.worker = new bullmq.Worker(name, async job => 'by node',
              { connection, prefix, name: 'node', stalledInterval: 500 });
            """);
    Job job = awaitState("x", JobState.COMPLETED);
    assertThat(job.returnValue()).contains("\"by node\"");
    assertThat(job.stalledCount()).isOne();
  }

  @Test
  void aJavaWorkerGetsTheJobOfAKilledNodeWorker() throws Exception {
    node()
        .run(
            """
            state.started = 0;
            state.worker = new bullmq.Worker(name, async job => { state.started++; await new Promise(() => {}); },
              { connection, prefix, name: 'node', lockDuration: 2000 });
            await queue.add('x', 1, { jobId: 'x' });
            """);
    await()
        .atMost(DEADLINE)
        .until(() -> Long.valueOf(1).equals(node().run("return state.started")));
    node().kill();
    ControlledHandler.Run run = work(1).next();
    assertThat(run.job().id()).isEqualTo("x");
    assertThat(run.job().stalledCount()).isOne();
    run.succeed("\"by java\"");
    assertThat(awaitState("x", JobState.COMPLETED).processedBy()).contains("java");
  }
}
