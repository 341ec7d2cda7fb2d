package dev.mainstay.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.DependencyState;
import dev.mainstay.queue.Flow;
import dev.mainstay.queue.FlowNode;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.OnFailure;
import dev.mainstay.queue.contract.ControlledHandler;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Flows of which each side does a part. */
final class RedisInteropFlowTest extends Interop {
  private static final String CHILDREN = "children";

  private RedisFlowProducer flows() {
    return new RedisFlowProducer(
        connections, InstantSource.system(), RedisOptions.DEFAULT.withPrefix(prefix));
  }

  private void workOnChildrenInNode() throws Exception {
    node()
        .run(
            """
            state.children = new bullmq.Worker('children', async job => {
              if (job.data.fail) throw new Error('no');
              return 'done ' + job.id;
            }, { connection, prefix });
            """);
  }

  @Test
  void javaRunsTheParentOfChildrenThatNodeDoes() throws Exception {
    flows()
        .add(
            Flow.of(
                RedisNode.QUEUE,
                JobRequest.of("parent", "{}").with(options -> options.id("parent")),
                Flow.of(CHILDREN, JobRequest.of("x", "{}").with(options -> options.id("good"))),
                Flow.of(
                    CHILDREN,
                    JobRequest.of("x", "{\"fail\":true}")
                        .with(
                            options -> options.id("bad").onFailure(OnFailure.IGNORE_DEPENDENCY)))));
    assertThat(node().run("return await (await queue.getJob('parent')).getState()"))
        .isEqualTo("waiting-children");
    workOnChildrenInNode();
    ControlledHandler.Run parent = work(1).next();
    assertThat(parent.context().childrenValues())
        .isEqualTo(Map.of(new JobKey(CHILDREN, "good"), "\"done good\""));
    assertThat(parent.context().ignoredChildrenFailures())
        .isEqualTo(Map.of(new JobKey(CHILDREN, "bad"), "no"));
    parent.succeed("");
    awaitState("parent", JobState.COMPLETED);
    assertThat(
            node()
                .run(
                    "return JSON.stringify(await (await queue.getJob('parent')).getChildrenValues())"))
        .isEqualTo("{\"" + prefix + ":children:good\":\"done good\"}");
  }

  @Test
  void nodeRunsTheParentOfChildrenThatJavaDoes() throws Exception {
    node()
        .run(
            """
            state.flows = new bullmq.FlowProducer({ connection, prefix });
            await state.flows.add({ name: 'parent', queueName: 'children', opts: { jobId: 'parent' }, children: [
              { name: 'a', queueName: name, data: { n: 1 }, opts: { jobId: 'a' } },
              { name: 'b', queueName: name, opts: { jobId: 'b' }, children: [
                { name: 'c', queueName: name, opts: { jobId: 'c' } }] }] });
            state.parent = new bullmq.Worker('children', async job => await job.getChildrenValues(), { connection, prefix });
            """);
    FlowNode found = flows().find(CHILDREN, "parent", 3, 10).orElseThrow();
    assertThat(found.children()).extracting(child -> child.job().id()).containsExactly("a", "b");
    assertThat(found.job().state()).isEqualTo(JobState.WAITING_CHILDREN);
    ControlledHandler handler = work(1);
    for (int i = 0; i < 3; i++) {
      ControlledHandler.Run run = handler.next();
      assertThat(run.job().parent()).isPresent();
      run.succeed("\"" + run.job().id() + "\"");
    }
    await()
        .atMost(DEADLINE)
        .until(() -> queue(CHILDREN).find("parent").orElseThrow().state() == JobState.COMPLETED);
    assertThat(queue(CHILDREN).find("parent").orElseThrow().returnValue().orElseThrow())
        .contains(prefix + ":test:a\":\"a\"", prefix + ":test:b\":\"b\"");
    assertThat(queue(CHILDREN).countDependencies("parent"))
        .containsEntry(DependencyState.PROCESSED, 2L);
  }

  @Test
  void aChildThatFailsInNodeFailsItsParentInJava() throws Exception {
    flows()
        .add(
            Flow.of(
                RedisNode.QUEUE,
                JobRequest.of("parent", "{}").with(options -> options.id("parent")),
                Flow.of(
                    CHILDREN,
                    JobRequest.of("x", "{\"fail\":true}")
                        .with(options -> options.id("bad").onFailure(OnFailure.FAIL_PARENT)))));
    ControlledHandler handler = work(1);
    workOnChildrenInNode();
    assertThat(awaitState("parent", JobState.FAILED).failedReason().orElseThrow())
        .isEqualTo("child children:bad failed");
    assertThat(handler.waiting()).isZero();
  }
}
