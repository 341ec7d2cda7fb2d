package dev.mainstay.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.Priority;
import dev.mainstay.queue.Retention;
import dev.mainstay.queue.Schedule;
import dev.mainstay.queue.Worker;
import dev.mainstay.queue.WorkerOptions;
import dev.mainstay.queue.contract.ControlledHandler;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Jobs that one side adds and the other works on. */
final class RedisInteropTest extends Interop {

  @Test
  void javaWorksOnWhatNodeAdds() throws Exception {
    node()
        .run(
            """
        await queue.add('low', { text: 'ü' }, { priority: 5, jobId: 'low' });
        await queue.add('high', 1, { priority: 1, jobId: 'high' });
        await queue.add('plain', [true, null], { jobId: 'plain', attempts: 3 });
        await queue.addBulk([{ name: 'bulk', data: {}, opts: { jobId: 'bulk' } }]);
        """);
    assertThat(queue.find("low").orElseThrow().options().priority()).isEqualTo(5);
    assertThat(queue.counts()).containsEntry(JobState.WAITING, 4L);

    ControlledHandler handler = work(1);
    List<String> order = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      ControlledHandler.Run run = handler.next();
      order.add(run.job().id());
      run.succeed("{\"done\":\"" + run.job().name() + "\"}");
    }
    assertThat(order).containsExactly("plain", "bulk", "high", "low");
    awaitState("low", JobState.COMPLETED);
    assertThat(queue.find("low").orElseThrow().data()).isEqualTo("{\"text\":\"ü\"}");
    assertThat(
            node()
                .run(
                    """
                const job = await queue.getJob('plain');
                return JSON.stringify([job.returnvalue, job.processedBy, job.attemptsMade, await job.getState()]);
                """))
        .isEqualTo("[{\"done\":\"plain\"},\"java\",1,\"completed\"]");
  }

  @Test
  void nodeWorksOnWhatJavaAdds() throws Exception {
    queue.addBulk(
        List.of(
            JobRequest.of("low", "{\"a\":\"ü\"}")
                .with(options -> options.id("low").priority(Priority.P3)),
            JobRequest.of("plain", "1").with(options -> options.id("plain"))));
    String counted = queue.add(JobRequest.of("counted", "null")).id();
    queue.add(
        JobRequest.of("late", "[]")
            .with(options -> options.id("late").delay(Duration.ofMillis(200))));

    workInNode();

    Job low = awaitState("low", JobState.COMPLETED);
    assertThat(low.returnValue()).contains("{\"got\":{\"a\":\"ü\"},\"name\":\"low\"}");
    assertThat(low.processedBy()).contains("node");
    assertThat(low.attemptsMade()).isOne();
    awaitState("late", JobState.COMPLETED);
    awaitState(counted, JobState.COMPLETED);
    assertThat(node().run("return state.order.slice(0, 3)"))
        .isEqualTo(List.of("plain", counted, "low"));
  }

  @Test
  void retriesGoOnWithWhoeverTakesThem() throws Exception {
    node()
        .run(
            "await queue.add('x', {}, { jobId: 'x', attempts: 3, backoff: { type: 'fixed', delay: 50 } })");
    ControlledHandler handler = work(1);
    handler.next().fail(new IllegalStateException("first"));
    ControlledHandler.Run second = handler.next();
    assertThat(second.job().attemptsMade()).isOne();
    assertThat(second.job().failedReason()).contains("first");
    second.fail(new IllegalStateException("second"));
    handler.next().fail(new IllegalStateException("third"));
    awaitState("x", JobState.FAILED);

    assertThat(
            node()
                .run(
                    """
                    const job = await queue.getJob('x');
                    await job.retry();
                    return JSON.stringify([job.attemptsMade, job.stacktrace.length, job.stacktrace[2].split('\\n')[0]]);
                    """))
        .isEqualTo("[3,3,\"java.lang.IllegalStateException: third\"]");
    ControlledHandler.Run again = handler.next();
    again.succeed("1");
    assertThat(awaitState("x", JobState.COMPLETED).attemptsMade()).isEqualTo(4);

    queue.add(
        JobRequest.of("y", "{}")
            .with(
                options ->
                    options.id("y").attempts(2, Backoff.exponential(Duration.ofMillis(20)))));
    handler.next().fail(new IllegalStateException("in Java"));
    assertThat(handler.next().job().attemptsMade()).isOne();
  }

  @Test
  void nodeRetriesWhatJavaAdds() throws Exception {
    queue.add(
        JobRequest.of("y", "{}")
            .with(
                options ->
                    options
                        .id("y")
                        .attempts(3, Backoff.exponential(Duration.ofMillis(20)))
                        .stackTraceLimit(2)));
    node()
        .run(
            """
            state.worker = new bullmq.Worker(name, async job => { throw new Error('no ' + job.attemptsMade); },
              { connection, prefix });
            """);
    Job job = awaitState("y", JobState.FAILED);
    assertThat(job.attemptsMade()).isEqualTo(3);
    assertThat(job.failedReason()).contains("no 2");
    assertThat(job.stackTraces()).hasSize(2);
  }

  @Test
  void nodeSeesProgressLogsEventsAndTheResult() throws Exception {
    node()
        .run(
            """
            state.events = new bullmq.QueueEvents(name, { connection, prefix, lastEventId: '0-0' });
            await state.events.waitUntilReady();
            state.seen = [];
            for (const event of ['added', 'waiting', 'active', 'progress', 'completed', 'failed', 'removed']) {
              state.events.on(event, args => state.seen.push(event + ' ' + (args.jobId ?? '')
                + (event === 'progress' ? ' ' + JSON.stringify(args.data) : '')));
            }
            state.job = await queue.add('x', {}, { jobId: 'x' });
            state.finished = state.job.waitUntilFinished(state.events, 20000);
            """);
    ControlledHandler handler = work(1);
    ControlledHandler.Run run = handler.next();
    run.context().updateProgress("{\"done\":0.5}");
    run.context().log("one");
    run.context().updateData("{\"changed\":true}");
    run.succeed("{\"answer\":42}");

    assertThat(node().run("return JSON.stringify(await state.finished)"))
        .isEqualTo("{\"answer\":42}");
    assertThat(
            node()
                .run(
                    """
                    const job = await queue.getJob('x');
                    return JSON.stringify([job.progress, job.data, (await queue.getJobLogs('x')).logs]);
                    """))
        .isEqualTo("[{\"done\":0.5},{\"changed\":true},[\"one\"]]");

    queue.add(JobRequest.of("y", "{}").with(options -> options.id("y")));
    handler.next().fail(new IllegalStateException("no"));
    awaitState("y", JobState.FAILED);
    queue.remove("y");
    await()
        .atMost(DEADLINE)
        .untilAsserted(
            () ->
                assertThat(node().run("return state.seen"))
                    .isEqualTo(
                        List.of(
                            "added x",
                            "waiting x",
                            "active x",
                            "progress x {\"done\":0.5}",
                            "completed x",
                            "added y",
                            "waiting y",
                            "active y",
                            "failed y",
                            "removed y")));
    assertThat(node().run("return (await queue.getMetrics('completed')).meta.count")).isEqualTo(1L);
  }

  @Test
  void javaSeesWhatNodeTellsOfAJob() throws Exception {
    queue.add(JobRequest.of("x", "{}").with(options -> options.id("x").keepLogs(2)));
    node()
        .run(
            """
            state.worker = new bullmq.Worker(name, async job => {
              await job.updateProgress(7);
              for (const line of ['a', 'b', 'c']) await job.log(line);
              return undefined;
            }, { connection, prefix });
            """);
    Job job = awaitState("x", JobState.COMPLETED);
    assertThat(job.progress()).contains("7");
    assertThat(job.returnValue()).isEmpty();
    assertThat(queue.logs("x", 0, 10)).containsExactly("b", "c");
  }

  @Test
  void keepsAsManyFinishedJobsAsEachSays() throws Exception {
    for (int i = 0; i < 3; i++) {
      int number = i;
      queue.add(
          JobRequest.of("x", "{}")
              .with(options -> options.id("java-" + number).removeOnComplete(Retention.newest(1))));
    }
    workInNode();
    awaitState("java-2", JobState.COMPLETED);
    assertThat(queue.counts()).containsEntry(JobState.COMPLETED, 1L);
    node().run("await state.worker.close()");

    node().run("await queue.add('x', {}, { jobId: 'gone', removeOnComplete: true })");
    node().run("await queue.add('x', {}, { jobId: 'kept' })");
    ControlledHandler handler = work(1);
    handler.next().succeed("");
    handler.next().succeed("");
    awaitState("kept", JobState.COMPLETED);
    assertThat(queue.find("gone")).isEmpty();
    assertThat(queue.find("kept").orElseThrow().options().removeOnComplete())
        .as("BullMQ's default")
        .isEqualTo(new Retention(Retention.ALL.count(), Optional.empty(), true));
    assertThat(queue.counts()).containsEntry(JobState.COMPLETED, 2L);
  }

  @Test
  void aWorkerHereKeepsNoMoreThanItIsToldOfJobsOfNodeThatSayNothing() throws Exception {
    node()
        .run(
            """
            for (let i = 0; i < 5; i++) await queue.add('x', {}, { jobId: 'silent-' + i });
            await queue.add('x', {}, { jobId: 'asking', removeOnComplete: false });
            await queue.add('x', {}, { jobId: 'number', removeOnComplete: 1000 });""");
    try (Worker worker =
        queue.work(
            WorkerOptions.of("frugal", 1).withRemoveOnComplete(Retention.newest(2)),
            (job, context) -> "1")) {
      awaitState("number", JobState.COMPLETED);
    }
    assertThat(queue.counts()).containsEntry(JobState.COMPLETED, 4L);
    assertThat(queue.find("silent-2")).isEmpty();
    assertThat(queue.find("silent-3")).isPresent();
  }

  @Test
  void deduplicatesAcrossBoth() throws Exception {
    Deduplication simple = Deduplication.simple("d");
    queue.add(JobRequest.of("x", "1").with(options -> options.id("first").deduplication(simple)));
    assertThat(
            node()
                .run(
                    """
                    const job = await queue.add('x', 2, { jobId: 'second', deduplication: { id: 'd' } });
                    await queue.add('x', 3, { jobId: 'n-1', delay: 60000, deduplication: { id: 'e', ttl: 60000, extend: true, replace: true } });
                    await queue.add('x', 4, { jobId: 'k-1', deduplication: { id: 'k', keepLastIfActive: true } });
                    return job.id;
                    """))
        .isEqualTo("first");
    Job replacing =
        queue.add(
            JobRequest.of("x", "5")
                .with(
                    options ->
                        options
                            .id("j-2")
                            .delay(Duration.ofMinutes(1))
                            .deduplication(Deduplication.debounce("e", Duration.ofMinutes(1)))));
    assertThat(replacing.id()).isEqualTo("j-2");
    assertThat(node().run("return await queue.getDeduplicationJobId('e')")).isEqualTo("j-2");
    assertThat(queue.find("n-1")).isEmpty();

    ControlledHandler handler = work(2);
    ControlledHandler.Run one = handler.next();
    ControlledHandler.Run other = handler.next();
    node()
        .run(
            "await queue.add('x', 6, { jobId: 'k-2', deduplication: { id: 'k', keepLastIfActive: true } })");
    assertThat(queue.find("k-2")).isEmpty();
    one.succeed("");
    other.succeed("");
    assertThat(handler.next().job().id()).isEqualTo("k-2");
    assertThat(node().run("return await queue.getDeduplicationJobId('d')")).isNull();
  }

  @Test
  void schedulersGoOnWithWhoeverTakesTheirJobs() throws Exception {
    queue.upsertScheduler(
        "java",
        Schedule.every(Duration.ofMillis(60)).withLimit(4),
        JobRequest.of("tick", "{\"a\":1}").with(options -> options.attempts(2)));
    workInNode();
    await().atMost(DEADLINE).until(() -> queue.counts().getOrDefault(JobState.COMPLETED, 0L) == 4);
    assertThat(queue.findScheduler("java").orElseThrow().iterations()).isEqualTo(4);
    assertThat(queue.findScheduler("java").orElseThrow().next()).isEmpty();
    node().run("await state.worker.close()");

    node()
        .run(
            """
            await queue.upsertJobScheduler('node', { every: 60, limit: 3 }, { name: 'tock', data: { b: 2 }, opts: { attempts: 3 } });
            await queue.upsertJobScheduler('cron', { pattern: '* * * * * *', tz: 'Europe/Berlin', limit: 2 }, { name: 'clock' });
            """);
    assertThat(queue.findScheduler("cron").orElseThrow().schedule().pattern())
        .contains("* * * * * *");
    ControlledHandler handler = work(1);
    int ticks = 0;
    int clocks = 0;
    while (ticks < 3 || clocks < 2) {
      ControlledHandler.Run run = handler.next();
      if (run.job().name().equals("tock")) {
        ticks++;
        assertThat(run.job().data()).isEqualTo("{\"b\":2}");
        assertThat(run.job().options().attempts()).isEqualTo(3);
      } else {
        clocks++;
        assertThat(run.job().schedulerId()).contains("cron");
      }
      run.succeed("");
    }
    await().atMost(DEADLINE).until(() -> queue.counts().getOrDefault(JobState.COMPLETED, 0L) == 9);
    assertThat(handler.waiting()).isZero();
    assertThat(queue.counts()).containsEntry(JobState.DELAYED, 0L);
    assertThat(node().run("return (await queue.getJobScheduler('cron')).iterationCount"))
        .isEqualTo(2L);
  }

  @Test
  void nextTimesOfPatternsAreThoseOfNode() throws Exception {
    List<String> patterns =
        List.of(
            "0 0 9 * * 1-5", "*/7 * * * *", "0 30 2 29 2 *", "0 0 0 L * *", "15 10 */3 1,15 * *");
    for (int i = 0; i < patterns.size(); i++) {
      String id = "p-" + i;
      queue.upsertScheduler(
          "java-" + id,
          Schedule.cron(patterns.get(i)).in(ZoneId.of("America/New_York")),
          JobRequest.of("x", "{}"));
      Object next =
          node()
              .run(
                  "await queue.upsertJobScheduler('node-%s', { pattern: '%s', tz: 'America/New_York' }, { name: 'x' });"
                          .formatted(id, patterns.get(i))
                      + "return (await queue.getJobScheduler('node-%s')).next".formatted(id));
      assertThat(queue.findScheduler("java-" + id).orElseThrow().next())
          .as(patterns.get(i))
          .isEqualTo(queue.findScheduler("node-" + id).orElseThrow().next())
          .contains(Instant.ofEpochMilli((Long) Objects.requireNonNull(next)));
    }
  }
}
