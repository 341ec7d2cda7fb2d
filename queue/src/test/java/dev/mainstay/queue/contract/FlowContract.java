package dev.mainstay.queue.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.mainstay.queue.Backoff;
import dev.mainstay.queue.Deduplication;
import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.DependencyState;
import dev.mainstay.queue.Flow;
import dev.mainstay.queue.FlowNode;
import dev.mainstay.queue.FlowProducer;
import dev.mainstay.queue.Job;
import dev.mainstay.queue.JobKey;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.queue.JobState;
import dev.mainstay.queue.OnFailure;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.Priority;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.queue.WaitingChildrenException;
import dev.mainstay.queue.contract.ControlledHandler.Run;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Parents wait for their children, and run once when these are done. */
interface FlowContract extends QueueFixture {
  String PARENTS = "test";
  String CHILDREN = "children";

  default Flow child(String id) {
    return Flow.of(CHILDREN, job(id));
  }

  default Flow child(String id, OnFailure onFailure) {
    return Flow.of(CHILDREN, job(id).with(options -> options.onFailure(onFailure)));
  }

  default void awaitDependency(
      TaskQueue queue, String parent, String child, DependencyState state) {
    await()
        .atMost(DEADLINE)
        .pollInterval(Duration.ofMillis(5))
        .until(
            () ->
                dependency(queue, parent, child).map(Dependency::state).equals(Optional.of(state)));
  }

  static Optional<Dependency> dependency(TaskQueue queue, String parent, String child) {
    return queue.dependencies(parent, Optional.empty(), 1000).items().stream()
        .filter(dependency -> dependency.job().id().equals(child))
        .findFirst();
  }

  @Test
  default void aParentRunsOnceAfterAllItsChildren() throws Exception {
    QueueNode node = node();
    TaskQueue parents = node.queue();
    TaskQueue children = node.queue(CHILDREN);
    ControlledHandler parentHandler = ControlledHandler.create();
    ControlledHandler childHandler = ControlledHandler.create();
    work(parents, 1, parentHandler);
    work(children, 2, childHandler);
    FlowNode added =
        node.flowProducer().add(Flow.of(PARENTS, job("parent"), child("a"), child("b")));

    assertThat(added.job().state()).isEqualTo(JobState.WAITING_CHILDREN);
    assertThat(added.children()).extracting(child -> child.job().id()).containsExactly("a", "b");
    assertThat(added.children())
        .extracting(child -> child.job().parent())
        .containsOnly(Optional.of(new JobKey(PARENTS, "parent")));
    assertThat(parents.find("parent").orElseThrow()).isEqualTo(added.job());
    Run one = childHandler.next();
    Run two = childHandler.next();
    assertThat(one.job().parent()).contains(new JobKey(PARENTS, "parent"));
    one.succeed("\"one\"");
    awaitDependency(parents, "parent", one.job().id(), DependencyState.PROCESSED);
    assertThat(parents.find("parent").orElseThrow().state()).isEqualTo(JobState.WAITING_CHILDREN);
    two.succeed("\"two\"");
    Run parent = parentHandler.next();

    assertThat(parent.context().childrenValues())
        .isEqualTo(
            Map.of(
                new JobKey(CHILDREN, one.job().id()), "\"one\"",
                new JobKey(CHILDREN, two.job().id()), "\"two\""));
    assertThat(parent.context().ignoredChildrenFailures()).isEmpty();
    parent.succeed("1");
    Job done = awaitState(parents, "parent", JobState.COMPLETED);
    assertThat(done.attemptsMade()).isOne();
    assertThat(parents.countDependencies("parent"))
        .containsEntry(DependencyState.PROCESSED, 2L)
        .containsEntry(DependencyState.UNPROCESSED, 0L);
  }

  @Test
  default void aFlowMayBeDeep() {
    QueueNode node = node();
    Flow flow = Flow.of(PARENTS, job("level-0"));
    for (int level = 1; level < 3_000; level++) {
      flow = Flow.of(PARENTS, job("level-" + level), flow);
    }
    node.flowProducer().add(flow);

    FlowNode found = node.flowProducer().find(PARENTS, "level-2999", 3_000, 1).orElseThrow();
    int depth = 1;
    while (!found.children().isEmpty()) {
      found = found.children().getFirst();
      depth++;
    }
    assertThat(depth).isEqualTo(3_000);
    assertThat(count(node.queue(), JobState.WAITING_CHILDREN)).isEqualTo(2_999);
    node.queue().remove("level-2999");
    assertThat(node.queue().counts().values()).containsOnly(0L);
  }

  @Test
  default void aParentMayHaveManyChildren() {
    QueueNode node = node();
    int many = 10_000;
    List<Flow> children = new ArrayList<>();
    for (int i = 0; i < many; i++) {
      children.add(Flow.of(CHILDREN, JobRequest.of("test", "{}")));
    }
    node.flowProducer().add(new Flow(PARENTS, job("parent"), children));
    assertThat(node.queue().countDependencies("parent"))
        .containsEntry(DependencyState.UNPROCESSED, (long) many);
    closing(node.queue(CHILDREN).work(options("children", 500), (job, context) -> "1"));
    closing(
        node.queue()
            .work(options("parents", 1), (job, context) -> "" + context.childrenValues().size()));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> node.queue().find("parent").orElseThrow().state() == JobState.COMPLETED);
    assertThat(node.queue().find("parent").orElseThrow().returnValue()).contains("" + many);
  }

  @Test
  default void aFlowIsAddedWholeOrNotAtAll() {
    QueueNode node = node();
    FlowProducer flows = node.flowProducer();
    flows.add(Flow.of(PARENTS, job("other"), child("taken")));
    assertThatThrownBy(
            () -> flows.add(Flow.of(PARENTS, job("parent"), child("free"), child("taken"))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("children:taken has another parent");
    assertThat(node.queue().find("parent")).isEmpty();
    assertThat(node.queue(CHILDREN).find("free")).isEmpty();

    List<Flow> tooMany = new ArrayList<>();
    for (int i = 0; i < FlowProducer.MAX_JOBS; i++) {
      tooMany.add(child("child-" + i));
    }
    assertThatThrownBy(() -> flows.add(new Flow(PARENTS, job("parent"), tooMany)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The number of jobs in flows must be from 0 to 20000, not 20001");
    assertThat(node.queue().find("parent")).isEmpty();
  }

  @Test
  default void aFlowThatIsThereIsNotAddedAgain() {
    QueueNode node = node();
    Flow flow = Flow.of(PARENTS, job("parent"), child("a"), child("b"));
    FlowNode first = node.flowProducer().add(flow);
    FlowNode second = node.flowProducer().add(flow);
    assertThat(second.job()).isEqualTo(first.job());
    assertThat(count(node.queue(CHILDREN), JobState.WAITING)).isEqualTo(2);
  }

  @Test
  default void refusesWhatCannotBePartOfAFlow() {
    FlowProducer flows = node().flowProducer();
    JobRequest unique = job("a").with(options -> options.deduplication(Deduplication.simple("x")));
    assertThatThrownBy(() -> flows.add(Flow.of(PARENTS, unique, child("b"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A job with children cannot have a deduplication");
    JobRequest last = job("a").with(options -> options.deduplication(Deduplication.keepLast("x")));
    assertThatThrownBy(() -> flows.add(Flow.of(PARENTS, job("p"), Flow.of(CHILDREN, last))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("A child cannot be deduplicated with keepLastIfActive");
    assertThatThrownBy(() -> flows.add(Flow.of(" ", job("p"))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("The name of the queue");
  }

  @Test
  default void aFreedParentKeepsItsPriorityAndItsDelay() throws Exception {
    QueueNode node = node();
    TaskQueue parents = node.queue();
    ControlledHandler childHandler = ControlledHandler.create();
    work(node.queue(CHILDREN), 1, childHandler);
    parents.add(job("first").with(options -> options.priority(Priority.P2)));
    node.flowProducer()
        .addBulk(
            List.of(
                Flow.of(
                    PARENTS,
                    job("urgent").with(options -> options.priority(Priority.P1)),
                    child("a")),
                Flow.of(
                    PARENTS,
                    job("later").with(options -> options.delay(Duration.ofMinutes(1))),
                    child("b"))));
    childHandler.next().succeed("");
    awaitState(parents, "urgent", JobState.WAITING);
    clock().advance(Duration.ofSeconds(10));
    childHandler.next().succeed("");
    Job later = awaitState(parents, "later", JobState.DELAYED);

    assertThat(later.runAt()).contains(clock().instant().plus(Duration.ofMinutes(1)));
    ControlledHandler handler = ControlledHandler.create();
    workAllDay(parents, 1, handler);
    Run urgent = handler.next();
    assertThat(urgent.job().id()).isEqualTo("urgent");
    urgent.succeed("");
    Run first = handler.next();
    assertThat(first.job().id()).isEqualTo("first");
    first.succeed("");
    clock().advance(Duration.ofMinutes(1));
    parents.wake();
    assertThat(handler.next().job().id()).isEqualTo("later");
  }

  @Test
  default void aParentGoesOnWaitingForAChildThatFailedUntilItIsTriedAgain() throws Exception {
    QueueNode node = node();
    TaskQueue parents = node.queue();
    TaskQueue children = node.queue(CHILDREN);
    ControlledHandler childHandler = ControlledHandler.create();
    work(children, 1, childHandler);
    node.flowProducer().add(Flow.of(PARENTS, job("parent"), child("a")));
    childHandler.next().fail(new IllegalStateException("no"));
    awaitState(children, "a", JobState.FAILED);

    assertThat(parents.find("parent").orElseThrow().state()).isEqualTo(JobState.WAITING_CHILDREN);
    children.retry("a");
    childHandler.next().succeed("\"yes\"");
    ControlledHandler parentHandler = ControlledHandler.create();
    work(parents, 1, parentHandler);
    assertThat(parentHandler.next().context().childrenValues())
        .isEqualTo(Map.of(new JobKey(CHILDREN, "a"), "\"yes\""));
  }

  @Test
  default void aChildMayFailItsParentsUpwards() throws Exception {
    QueueNode node = node();
    TaskQueue parents = node.queue();
    ControlledHandler childHandler = ControlledHandler.create();
    ControlledHandler parentHandler = ControlledHandler.create();
    work(node.queue(CHILDREN), 1, childHandler);
    work(parents, 2, parentHandler);
    JobRequest middle = job("middle").with(options -> options.onFailure(OnFailure.FAIL_PARENT));
    node.flowProducer()
        .add(
            Flow.of(
                PARENTS,
                job("top"),
                Flow.of(PARENTS, middle, child("a", OnFailure.FAIL_PARENT), child("b"))));
    childHandler.next().fail(new IllegalStateException("no"));

    assertThat(awaitState(parents, "middle", JobState.FAILED).failedReason())
        .hasValueSatisfying(reason -> assertThat(reason).contains(CHILDREN + ":a failed"));
    assertThat(awaitState(parents, "top", JobState.FAILED).failedReason())
        .hasValueSatisfying(reason -> assertThat(reason).contains(PARENTS + ":middle failed"));
    assertThat(dependency(parents, "middle", "a").orElseThrow().state())
        .isEqualTo(DependencyState.FAILED);
    assertThat(parentHandler.waiting()).isZero();
    assertThat(childHandler.next().job().id()).isEqualTo("b");
  }

  @Test
  default void aFailedParentRunsOnceItsChildHasBeenTriedAgain() throws Exception {
    QueueNode node = node();
    TaskQueue parents = node.queue();
    TaskQueue children = node.queue(CHILDREN);
    ControlledHandler childHandler = ControlledHandler.create();
    ControlledHandler parentHandler = ControlledHandler.create();
    work(children, 1, childHandler);
    work(parents, 1, parentHandler);
    node.flowProducer().add(Flow.of(PARENTS, job("parent"), child("a", OnFailure.FAIL_PARENT)));
    childHandler.next().fail(new IllegalStateException("no"));
    awaitState(parents, "parent", JobState.FAILED);

    children.retry("a");
    childHandler.next().succeed("\"yes\"");
    awaitState(children, "a", JobState.COMPLETED);
    parents.retry("parent");
    Run parent = parentHandler.next();
    assertThat(parent.context().childrenValues()).containsValue("\"yes\"");
    parent.succeed("");
    awaitState(parents, "parent", JobState.COMPLETED);
  }

  @Test
  default void aParentMayGoOnWithoutAChild() throws Exception {
    QueueNode node = node();
    TaskQueue parents = node.queue();
    ControlledHandler childHandler = ControlledHandler.create();
    ControlledHandler parentHandler = ControlledHandler.create();
    work(node.queue(CHILDREN), 3, childHandler);
    work(parents, 1, parentHandler);
    node.flowProducer()
        .add(
            Flow.of(
                PARENTS,
                job("parent"),
                child("ignored", OnFailure.IGNORE_DEPENDENCY),
                child("removed", OnFailure.REMOVE_DEPENDENCY),
                child("good")));
    for (int i = 0; i < 3; i++) {
      Run run = childHandler.next();
      if (run.job().id().equals("good")) {
        run.succeed("1");
      } else {
        run.fail(new IllegalStateException("no " + run.job().id()));
      }
    }
    Run parent = parentHandler.next();

    assertThat(parent.context().childrenValues())
        .isEqualTo(Map.of(new JobKey(CHILDREN, "good"), "1"));
    assertThat(parent.context().ignoredChildrenFailures())
        .isEqualTo(Map.of(new JobKey(CHILDREN, "ignored"), "no ignored"));
    assertThat(dependency(parents, "parent", "removed")).isEmpty();
  }

  @Test
  default void aFailureMayLetTheParentGoOnAtOnce() throws Exception {
    QueueNode node = node();
    ControlledHandler childHandler = ControlledHandler.create();
    ControlledHandler parentHandler = ControlledHandler.create();
    work(node.queue(CHILDREN), 1, childHandler);
    work(node.queue(), 1, parentHandler);
    node.flowProducer()
        .add(
            Flow.of(
                PARENTS,
                job("parent"),
                child("a", OnFailure.CONTINUE_PARENT),
                child("b", OnFailure.CONTINUE_PARENT)));
    childHandler.next().fail(new IllegalStateException("no"));

    assertThat(parentHandler.next().context().ignoredChildrenFailures())
        .isEqualTo(Map.of(new JobKey(CHILDREN, "a"), "no"));
  }

  @Test
  default void onlyTheLastAttemptOfAChildCounts() throws Exception {
    QueueNode node = node();
    ControlledHandler childHandler = ControlledHandler.create();
    work(node.queue(CHILDREN), 1, childHandler);
    Flow child =
        Flow.of(
            CHILDREN,
            job("a")
                .with(
                    options -> options.attempts(2, Backoff.NONE).onFailure(OnFailure.FAIL_PARENT)));
    node.flowProducer().add(Flow.of(PARENTS, job("parent"), child));
    childHandler.next().fail(new IllegalStateException("no"));
    childHandler.next().succeed("1");

    assertThat(awaitState(node.queue(), "parent", JobState.WAITING).failedReason()).isEmpty();
  }

  @Test
  default void aHandlerMayAddChildrenAndWaitForThem() throws Exception {
    QueueNode node = node();
    TaskQueue parents = node.queue();
    ControlledHandler childHandler = ControlledHandler.create();
    ControlledHandler parentHandler = ControlledHandler.create();
    work(node.queue(CHILDREN), 1, childHandler);
    work(parents, 1, parentHandler);
    parents.add(job("parent"));
    Run first = parentHandler.next();
    List<FlowNode> added = first.context().addChildren(List.of(child("a")));
    assertThat(added).extracting(node2 -> node2.job().id()).containsExactly("a");
    first.fail(new WaitingChildrenException());
    awaitState(parents, "parent", JobState.WAITING_CHILDREN);
    childHandler.next().succeed("\"a\"");

    Run second = parentHandler.next();
    assertThat(second.job().attemptsMade()).isZero();
    assertThat(second.context().childrenValues()).containsValue("\"a\"");
    second.fail(new WaitingChildrenException());
    Run third = parentHandler.next();
    third.succeed("1");
    assertThat(awaitState(parents, "parent", JobState.COMPLETED).attemptsMade()).isOne();
  }

  @Test
  default void childrenMayEndBeforeTheirParentBeginsToWait() throws Exception {
    QueueNode node = node();
    TaskQueue children = node.queue(CHILDREN);
    ControlledHandler parentHandler = ControlledHandler.create();
    work(node.queue(), 1, parentHandler);
    closing(children.work(options("children", 1), (job, context) -> "1"));
    node.queue().add(job("parent"));
    Run first = parentHandler.next();
    first.context().addChildren(List.of(child("a")));
    awaitState(children, "a", JobState.COMPLETED);
    first.fail(new WaitingChildrenException());

    assertThat(parentHandler.next().context().childrenValues()).hasSize(1);
  }

  @Test
  default void aJobDoesNotCompleteBeforeItsChildren() throws Exception {
    QueueNode node = node();
    ControlledHandler parentHandler = ControlledHandler.create();
    work(node.queue(), 1, parentHandler);
    node.queue().add(job("parent"));
    Run run = parentHandler.next();
    run.context().addChildren(List.of(child("a")));
    run.succeed("1");

    assertThat(awaitState(node.queue(), "parent", JobState.FAILED).returnValue()).isEmpty();
  }

  @Test
  default void aRemovedChildIsNotWaitedFor() {
    QueueNode node = node();
    node.flowProducer().add(Flow.of(PARENTS, job("parent"), child("a"), child("b")));
    node.queue(CHILDREN).remove("a");
    assertThat(node.queue().find("parent").orElseThrow().state())
        .isEqualTo(JobState.WAITING_CHILDREN);
    node.queue(CHILDREN).remove("b");
    assertThat(node.queue().find("parent").orElseThrow().state()).isEqualTo(JobState.WAITING);
  }

  @Test
  default void childrenThatAreDrainedOrCleanedAreNotWaitedFor() {
    QueueNode node = node();
    TaskQueue children = node.queue(CHILDREN);
    node.flowProducer().add(Flow.of(PARENTS, job("drained"), child("a"), child("b")));
    assertThat(children.drain(false)).isEqualTo(2);
    node.flowProducer().add(Flow.of(PARENTS, job("cleaned"), child("c")));
    assertThat(children.clean(JobState.WAITING, Duration.ZERO, 10)).containsExactly("c");
    node.flowProducer().add(Flow.of(PARENTS, job("obliterated"), child("d")));
    children.obliterate(false);

    assertThat(count(node.queue(), JobState.WAITING)).isEqualTo(3);
    assertThatThrownBy(() -> node.queue().clean(JobState.WAITING_CHILDREN, Duration.ZERO, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("Jobs that wait for their children cannot be cleaned; remove them");
  }

  @Test
  default void aCanceledParentHasFailedAndWaitsAgainIfItIsTriedAgain() throws Exception {
    QueueNode node = node();
    TaskQueue parents = node.queue();
    node.flowProducer().add(Flow.of(PARENTS, job("parent"), child("a"), child("b")));
    assertThat(parents.cancel("parent", "why")).isEqualTo(JobState.FAILED);
    ControlledHandler childHandler = ControlledHandler.create();
    work(node.queue(CHILDREN), 1, childHandler);
    childHandler.next().succeed("1");
    awaitState(node.queue(CHILDREN), "a", JobState.COMPLETED);
    assertThat(parents.find("parent").orElseThrow().failedReason()).contains("canceled: why");

    parents.retry("parent");
    assertThat(parents.find("parent").orElseThrow().state()).isEqualTo(JobState.WAITING_CHILDREN);
    childHandler.next().succeed("2");
    awaitState(parents, "parent", JobState.WAITING);
    assertThat(parents.countDependencies("parent")).containsEntry(DependencyState.PROCESSED, 2L);
  }

  @Test
  default void aCanceledChildHasFailed() throws Exception {
    QueueNode node = node();
    ControlledHandler parentHandler = ControlledHandler.create();
    ControlledHandler childHandler = ControlledHandler.create();
    work(node.queue(), 1, parentHandler);
    Flow flow =
        Flow.of(
            PARENTS,
            job("parent"),
            child("waiting", OnFailure.IGNORE_DEPENDENCY),
            child("running", OnFailure.IGNORE_DEPENDENCY));
    node.flowProducer().add(flow);
    TaskQueue children = node.queue(CHILDREN);
    children.cancel("waiting", "why");
    work(children, 1, childHandler);
    Run running = childHandler.next();
    assertThat(children.cancel("running", "why")).isEqualTo(JobState.ACTIVE);
    running.awaitInterrupt();

    assertThat(parentHandler.next().context().ignoredChildrenFailures())
        .isEqualTo(
            Map.of(
                new JobKey(CHILDREN, "waiting"), "canceled: why",
                new JobKey(CHILDREN, "running"), "canceled: why"));
  }

  @Test
  default void aCanceledChildThatIsGivenBackHasFailedToo() throws Exception {
    QueueNode node = node();
    ControlledHandler stubborn = ControlledHandler.stubborn();
    TaskQueue children = node.queue(CHILDREN);
    node.flowProducer()
        .add(Flow.of(PARENTS, job("parent"), child("a", OnFailure.IGNORE_DEPENDENCY)));
    work(children, 1, stubborn);
    Run run = stubborn.next();
    children.cancel("a", "why");
    run.awaitInterrupt();
    run.fail(new dev.mainstay.queue.DelayedException(clock().instant().plusSeconds(5)));

    awaitState(children, "a", JobState.FAILED);
    awaitState(node.queue(), "parent", JobState.WAITING);
  }

  @Test
  default void aChildThatIsLostTooOftenHasFailed() throws Exception {
    QueueNode node = node();
    TaskQueue children = node.queue(CHILDREN);
    node.flowProducer()
        .add(Flow.of(PARENTS, job("parent"), child("a", OnFailure.IGNORE_DEPENDENCY)));
    QueueNode lost = node();
    ControlledHandler stubborn = ControlledHandler.stubborn();
    closing(
        lost.queue(CHILDREN)
            .work(new dev.mainstay.queue.WorkerOptions("lost", 1, LONG, 0), stubborn));
    Run run = stubborn.next();
    run.context();
    assertThat(children.takeOver("nobody")).isZero();
    clock().advance(LONG.multipliedBy(2));
    closing(
        children.work(
            new dev.mainstay.queue.WorkerOptions("heir", 1, LONG, 0), (job, context) -> "1"));
    Job failed = awaitState(children, "a", JobState.FAILED);
    assertThat(failed.failedReason())
        .hasValueSatisfying(reason -> assertThat(reason).contains("stalled more than"));
    awaitState(node.queue(), "parent", JobState.WAITING);
    run.succeed("late");
  }

  @Test
  default void aChildThatIsTakenOverRunsAgain() throws Exception {
    QueueNode node = node();
    TaskQueue children = node.queue(CHILDREN);
    node.flowProducer().add(Flow.of(PARENTS, job("parent"), child("a")));
    ControlledHandler lost = ControlledHandler.stubborn();
    closing(node().queue(CHILDREN).work(options("lost", 1), lost));
    Run run = lost.next();
    assertThat(children.takeOver("lost")).isOne();
    ControlledHandler heir = ControlledHandler.create();
    closing(children.work(options("heir", 1), heir));
    Run again = heir.next();
    again.succeed("\"heir\"");
    run.succeed("\"late\"");

    awaitState(node.queue(), "parent", JobState.WAITING);
    assertThat(dependency(node.queue(), "parent", "a").orElseThrow().value()).contains("\"heir\"");
  }

  @Test
  default void valuesOutliveTheChildren() throws Exception {
    QueueNode node = node();
    ControlledHandler childHandler = ControlledHandler.create();
    work(node.queue(CHILDREN), 1, childHandler);
    Flow child =
        Flow.of(
            CHILDREN,
            job("a").with(options -> options.removeOnComplete(dev.mainstay.queue.Retention.NONE)));
    node.flowProducer().add(Flow.of(PARENTS, job("parent"), child));
    childHandler.next().succeed("\"a\"");
    awaitState(node.queue(), "parent", JobState.WAITING);

    assertThat(node.queue(CHILDREN).find("a")).isEmpty();
    ControlledHandler parentHandler = ControlledHandler.create();
    work(node.queue(), 1, parentHandler);
    assertThat(parentHandler.next().context().childrenValues()).containsValue("\"a\"");
  }

  @Test
  default void aFailedChildStaysAsLongAsAParentWaitsForIt() throws Exception {
    QueueNode node = node();
    TaskQueue children = node.queue(CHILDREN);
    ControlledHandler childHandler = ControlledHandler.create();
    var worker = work(children, 1, childHandler);
    var kept = dev.mainstay.queue.Retention.newest(1);
    Flow child = Flow.of(CHILDREN, job("needed").with(options -> options.removeOnFail(kept)));
    node.flowProducer().add(Flow.of(PARENTS, job("parent"), child));
    childHandler.next().fail(new IllegalStateException("no"));
    awaitState(children, "needed", JobState.FAILED);
    for (String id : List.of("x", "y")) {
      clock().advance(Duration.ofSeconds(1));
      children.add(job(id).with(options -> options.removeOnFail(kept)));
      childHandler.next().fail(new IllegalStateException("no"));
      awaitState(children, id, JobState.FAILED);
    }
    worker.close();

    assertThat(children.find("x")).isEmpty();
    assertThat(children.find("y")).isPresent();
    if (!supports(Feature.NEEDED_CHILDREN)) {
      assertThat(children.find("needed")).isEmpty();
      assertThat(node.queue().find("parent").orElseThrow().state()).isEqualTo(JobState.WAITING);
      return;
    }
    assertThat(children.find("needed")).isPresent();
  }

  @Test
  default void aRemovedParentTakesItsUnfinishedChildrenWithIt() throws Exception {
    QueueNode node = node();
    TaskQueue parents = node.queue();
    TaskQueue children = node.queue(CHILDREN);
    ControlledHandler childHandler = ControlledHandler.create();
    node.flowProducer()
        .add(
            Flow.of(
                PARENTS,
                job("parent"),
                child("runs"),
                Flow.of(
                    CHILDREN,
                    job("below").with(options -> options.priority(Priority.P3)),
                    child("leaf"))));
    work(children, 1, childHandler);
    Run active = childHandler.next();
    assertThat(active.job().id()).isEqualTo("runs");
    assertThatThrownBy(() -> parents.remove("parent"))
        .isInstanceOf(dev.mainstay.queue.JobStateException.class);
    assertThat(parents.find("parent")).isPresent();
    assertThat(children.find("below")).isPresent();
    assertThat(children.find("leaf")).isPresent();
    children.pause();
    active.succeed("1");
    awaitDependency(parents, "parent", "runs", DependencyState.PROCESSED);
    parents.remove("parent");

    assertThat(parents.find("parent")).isEmpty();
    assertThat(children.find("below")).isEmpty();
    assertThat(children.find("leaf")).isEmpty();
  }

  @Test
  default void aCompletedJobCountsForAFlowThatNamesIt() throws Exception {
    QueueNode node = node();
    TaskQueue children = node.queue(CHILDREN);
    ControlledHandler childHandler = ControlledHandler.create();
    work(children, 1, childHandler);
    children.add(job("done"));
    childHandler.next().succeed("\"done\"");
    awaitState(children, "done", JobState.COMPLETED);
    children.add(job("runs"));
    Run runs = childHandler.next();
    node.flowProducer().add(Flow.of(PARENTS, job("parent"), child("done"), child("runs")));
    assertThat(dependency(node.queue(), "parent", "done").orElseThrow().value())
        .contains("\"done\"");
    assertThat(children.find("runs").orElseThrow().parent())
        .contains(new JobKey(PARENTS, "parent"));
    runs.succeed("\"ran\"");
    awaitState(node.queue(), "parent", JobState.WAITING);
    assertThat(dependency(node.queue(), "parent", "runs").orElseThrow().value())
        .contains("\"ran\"");
    node.flowProducer().add(Flow.of(PARENTS, job("at once"), Flow.of(PARENTS, job("leaf"))));
  }

  @Test
  default void aDeduplicatedChildIsNotWaitedFor() {
    QueueNode node = node();
    JobRequest unique =
        job("first").with(options -> options.deduplication(Deduplication.simple("x")));
    node.queue(CHILDREN).add(unique);
    FlowNode added =
        node.flowProducer()
            .add(
                Flow.of(
                    PARENTS,
                    job("parent"),
                    Flow.of(CHILDREN, unique.with(options -> options.id("second"))),
                    child("other")));
    assertThat(added.children().getFirst().job().id()).isEqualTo("first");
    assertThat(node.queue(CHILDREN).find("second")).isEmpty();
    node.queue(CHILDREN).remove("other");
    assertThat(node.queue().find("parent").orElseThrow().state()).isEqualTo(JobState.WAITING);
  }

  @Test
  default void findsAFlow() {
    QueueNode node = node();
    node.flowProducer()
        .add(
            Flow.of(
                PARENTS,
                job("parent"),
                Flow.of(CHILDREN, job("a"), Flow.of("leaves", job("a1"))),
                child("b")));
    FlowProducer flows = node().flowProducer();
    assertThat(flows.find(PARENTS, "parent", 1, 10).orElseThrow().children()).isEmpty();
    FlowNode two = flows.find(PARENTS, "parent", 2, 1).orElseThrow();
    assertThat(two.children()).hasSize(1);
    assertThat(two.children().getFirst().children()).isEmpty();
    FlowNode all = flows.find(PARENTS, "parent", 10, 10).orElseThrow();
    assertThat(all.children()).extracting(FlowNode::queue).containsOnly(CHILDREN);
    assertThat(all.children())
        .flatExtracting(FlowNode::children)
        .extracting(leaf -> leaf.job().id())
        .containsExactly("a1");
    assertThat(flows.find(PARENTS, "nobody", 10, 10)).isEmpty();
  }

  @Test
  default void listsChildrenPageByPage() {
    QueueNode node = node();
    node.flowProducer().add(Flow.of(PARENTS, job("parent"), child("a"), child("b"), child("c")));
    Page<Dependency> first = node.queue().dependencies("parent", Optional.empty(), 2);
    Page<Dependency> second = node.queue().dependencies("parent", first.next(), 2);
    List<Dependency> all = new ArrayList<>(first.items());
    all.addAll(second.items());
    assertThat(all).extracting(child -> child.job().id()).containsExactlyInAnyOrder("a", "b", "c");
    assertThat(second.next()).isEmpty();
    assertThatThrownBy(() -> node.queue().dependencies("parent", Optional.of("?"), 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("The cursor is not one of this list");
  }

  @Test
  default void freesEachParentOnceHoweverManyProcessesEndItsChildren() {
    int parents = 40;
    int children = 6;
    QueueNode node = node();
    List<Flow> flows = new ArrayList<>();
    for (int p = 0; p < parents; p++) {
      List<Flow> below = new ArrayList<>();
      for (int c = 0; c < children; c++) {
        below.add(child("child-%d-%d".formatted(p, c)));
      }
      flows.add(new Flow(PARENTS, job("parent-" + p), below));
    }
    node.flowProducer().addBulk(flows);
    for (int i = 0; i < 4; i++) {
      String worker = "worker-" + i;
      closing(node().queue(CHILDREN).work(options(worker, 5), (job, context) -> "1"));
      closing(
          node()
              .queue()
              .work(options(worker, 5), (job, context) -> "" + context.childrenValues().size()));
    }
    await()
        .atMost(DEADLINE.multipliedBy(2))
        .until(() -> count(node.queue(), JobState.COMPLETED) == parents);
    assertThat(node.queue().list(JobState.COMPLETED, Optional.empty(), 1000).items())
        .allSatisfy(
            job -> {
              assertThat(job.returnValue()).contains("" + children);
              assertThat(job.attemptsMade()).isOne();
            });
  }
}
