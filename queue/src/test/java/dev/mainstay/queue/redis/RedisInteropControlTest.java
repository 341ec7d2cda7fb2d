package dev.mainstay.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.RateLimit;
import dev.mainstay.queue.contract.ControlledHandler;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What one side does to a queue holds for the other. */
final class RedisInteropControlTest extends Interop {

  private void add(int jobs) {
    queue.addBulk(
        IntStream.range(0, jobs)
            .mapToObj(i -> JobRequest.of("x", "{}").with(options -> options.id("job-" + i)))
            .toList());
  }

  @Test
  void aQueueIsPausedForBoth() throws Exception {
    queue.pause();
    assertThat(node().run("return await queue.isPaused()")).isEqualTo(true);
    add(1);
    workInNode();
    ControlledHandler handler = work(1);
    node().run("await queue.add('y', {}, { jobId: 'y' })");
    assertThat(queue.counts()).containsEntry(JobState.WAITING, 2L);
    node().run("await state.worker.close(); await queue.resume()");
    assertThat(queue.paused()).isFalse();
    handler.next().succeed("");
    handler.next().succeed("");
    awaitState("y", JobState.COMPLETED);
  }

  @Test
  void theConcurrencyOfAQueueIsOneForBoth() throws Exception {
    queue.setConcurrency(OptionalInt.of(2));
    assertThat(node().run("return await queue.getGlobalConcurrency()")).isEqualTo(2L);
    node()
        .run(
            """
            state.most = 0;
            state.worker = new bullmq.Worker(name, async job => {
              state.most = Math.max(state.most, await queue.getActiveCount());
              await new Promise(resolve => setTimeout(resolve, 5));
            }, { connection, prefix, concurrency: 5 });
            """);
    add(30);
    ControlledHandler handler = work(5);
    long most = 0;
    while (queue.counts().getOrDefault(JobState.COMPLETED, 0L) < 30) {
      most = Math.max(most, queue.counts().getOrDefault(JobState.ACTIVE, 0L));
      if (handler.waiting() > 0) {
        handler.next().succeed("");
      }
    }
    assertThat(most).isLessThanOrEqualTo(2);
    assertThat((Long) node().run("return state.most")).isLessThanOrEqualTo(2);
    node().run("await queue.removeGlobalConcurrency()");
    assertThat(queue.concurrency()).isEmpty();
  }

  @Test
  void theRateOfAQueueIsOneForBoth() throws Exception {
    node().run("await queue.setGlobalRateLimit(3, 60000)");
    assertThat(queue.rateLimit()).contains(new RateLimit(3, Duration.ofMinutes(1)));
    add(10);
    workInNode();
    awaitState("job-2", JobState.COMPLETED);
    ControlledHandler handler = work(5);
    node().run("await state.worker.close()");
    assertThat(queue.counts())
        .containsEntry(JobState.COMPLETED, 3L)
        .containsEntry(JobState.WAITING, 7L);
    assertThat(handler.waiting()).isZero();

    queue.setRateLimit(Optional.empty());
    assertThat(node().run("return await queue.getGlobalRateLimit()")).isNull();
    handler.next().succeed("");
  }

  @Test
  void bothCountAndListAlike() throws Exception {
    add(3);
    queue.add(
        JobRequest.of("late", "{}")
            .with(options -> options.id("late").delay(Duration.ofHours(1)).priority(7)));
    queue.add(JobRequest.of("low", "{}").with(options -> options.id("low").priority(9)));
    assertThat(
            node()
                .run(
                    """
                    const counts = await queue.getJobCounts('wait', 'prioritized', 'delayed', 'active');
                    const jobs = await queue.getJobs(['wait', 'prioritized'], 0, -1, true);
                    return JSON.stringify([counts, jobs.map(job => job.id), (await queue.getJob('late')).delay,
                      (await queue.getWorkers()).length, await queue.getVersion()]);
                    """))
        .isEqualTo(
            "[{\"wait\":3,\"prioritized\":1,\"delayed\":1,\"active\":0},"
                + "[\"job-0\",\"job-1\",\"job-2\",\"low\"],3600000,0,\"bullmq:6.7.0\"]");
    node().run("await (await queue.getJob('late')).promote()");
    assertThat(queue.list(JobState.WAITING, Optional.empty(), 10).items())
        .extracting(Job::id)
        .containsExactly("job-0", "job-1", "job-2", "late", "low");
    queue.changePriority("low", 1, false);
    queue.changePriority("job-1", 3, false);
    node().run("await (await queue.getJob('job-0')).changePriority({ priority: 2 })");
    assertThat(queue.list(JobState.WAITING, Optional.empty(), 10).items())
        .extracting(Job::id)
        .containsExactly("job-2", "low", "job-0", "job-1", "late");
    work(1);
    await()
        .atMost(DEADLINE)
        .until(
            () -> Long.valueOf(1).equals(node().run("return (await queue.getWorkers()).length")));
  }

  @Test
  void javaCancelsWhatNodeHasAdded() throws Exception {
    node()
        .run(
            """
            await queue.add('x', {}, { jobId: 'waits', priority: 3, deduplication: { id: 'd' } });
            await queue.add('x', {}, { jobId: 'late', delay: 60000 });
            """);
    queue.cancel("waits", "not wanted");
    queue.cancel("late", "");
    assertThat(
            node()
                .run(
                    """
                    const jobs = await queue.getFailed();
                    return JSON.stringify([jobs.map(job => [job.id, job.failedReason, job.attemptsMade]).sort(),
                      await queue.getDeduplicationJobId('d'), await queue.getJobCounts('prioritized', 'delayed', 'active')]);
                    """))
        .isEqualTo(
            "[[[\"late\",\"canceled\",0],[\"waits\",\"canceled: not wanted\",0]],null,"
                + "{\"prioritized\":0,\"delayed\":0,\"active\":0}]");
  }

  @Test
  void takesNothingFromAWorkerWhoseLockWasStolen() throws Exception {
    ControlledHandler handler = work(1);
    queue.add(JobRequest.of("x", "{}").with(options -> options.id("x")));
    ControlledHandler.Run run = handler.next();
    node()
        .run(
            """
            await redis.set(`${prefix}:${name}:x:lock`, 'thief:1', 'PX', 60000);
            """);

    assertThatThrownBy(() -> run.context().updateProgress("1")).hasMessageContaining("is lost");
    run.awaitInterrupt();
    assertThat(run.context().held()).isFalse();
    queue.add(JobRequest.of("probe", "{}").with(options -> options.id("probe")));
    handler.next().succeed("");
    awaitState("probe", JobState.COMPLETED);
    assertThat(queue.find("x").orElseThrow().state()).isEqualTo(JobState.ACTIVE);

    // The thief is a worker of BullMQ's: its lock is as good as any.
    node().run("await (await queue.getJob('x')).moveToCompleted('stolen', 'thief:1', false)");
    assertThat(awaitState("x", JobState.COMPLETED).returnValue()).contains("\"stolen\"");
  }

  @Test
  void nodeCleansDrainsAndObliteratesWhatJavaHasAdded() throws Exception {
    add(5);
    ControlledHandler handler = work(1);
    handler.next().succeed("");
    awaitState("job-0", JobState.COMPLETED);
    handler.next().fail(new IllegalStateException("no"));
    awaitState("job-1", JobState.FAILED);
    ControlledHandler.Run active = handler.next();
    assertThat(node().run("return await queue.clean(0, 10, 'completed')"))
        .isEqualTo(List.of("job-0"));
    assertThat(node().run("return (await queue.getFailed()).map(job => job.id)"))
        .isEqualTo(List.of("job-1"));
    node().run("await queue.drain()");
    assertThat(queue.counts())
        .containsEntry(JobState.WAITING, 0L)
        .containsEntry(JobState.ACTIVE, 1L);
    active.succeed("");
    awaitState(active.job().id(), JobState.COMPLETED);
    node().run("await queue.obliterate()");
    assertThat(queue.counts()).allSatisfy((state, count) -> assertThat(count).isZero());
  }

  @Test
  void javaPromotesRetriesCleansAndObliterates() throws Exception {
    node()
        .run(
            """
            for (let i = 0; i < 3; i++) {
              await queue.add('x', {}, { jobId: 'late-' + i, delay: 60000, priority: i });
            }
            state.worker = new bullmq.Worker(name, async job => { throw new Error('no'); }, { connection, prefix });
            """);
    assertThat(queue.promoteAll()).isEqualTo(3);
    await().atMost(DEADLINE).until(() -> queue.counts().getOrDefault(JobState.FAILED, 0L) == 3);
    node().run("await state.worker.close()");
    assertThat(queue.retryAll(JobState.FAILED)).isEqualTo(3);
    assertThat(node().run("return (await queue.getPrioritized()).map(job => job.id)"))
        .isEqualTo(List.of("late-1", "late-2"));
    assertThat(queue.clean(JobState.WAITING, Duration.ZERO, 2)).containsExactly("late-0", "late-1");
    queue.obliterate(false);
    assertThat(
            node()
                .run(
                    """
                    return await redis.keys(prefix + ':*');
                    """))
        .isEqualTo(List.of());
  }
}
