package dev.mainstay.server.queue;

import dev.mainstay.queue.Dependency;
import dev.mainstay.queue.Flow;
import dev.mainstay.queue.FlowNode;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The HTTP side of flows: jobs that wait for others. */
final class FlowEndpoints {
  private static final String JOB = QueueEndpoints.QUEUE + "/jobs/{id}";
  private static final int MAX_DEPTH = 30;
  private static final int DEFAULT_CHILDREN = 20;
  private static final int MAX_CHILDREN = 200;

  private final Queues queues;

  FlowEndpoints(Queues queues) {
    this.queues = queues;
  }

  List<Endpoint<?>> list() {
    return List.of(
        Endpoint.post(
                "/api/flows",
                Permission.QUEUES_WRITE,
                "Add a job with the jobs that have to be done before it, all or none",
                NewFlow.class)
            .answers(201, FlowView.class)
            .create(this::add),
        Endpoint.get(
                JOB + "/flow", Permission.QUEUES_READ, "Get a job with its children, and theirs")
            .query("depth", "integer", "Levels, the job's own included; 10 if absent, at most 30")
            .query("maxChildren", "integer", "Children of one job; 20 if absent, at most 200")
            .answers(200, FlowView.class)
            .handle(this::flow),
        Endpoint.get(
                JOB + "/dependencies",
                Permission.QUEUES_READ,
                "List the children of a job, and what became of them")
            .pageOf(DependencyView.class)
            .handle(this::dependencies));
  }

  private Answer.Body add(Call<NewFlow> call, Tx tx) {
    Set<QueueName> names = new TreeSet<>(Comparator.comparing(QueueName::name));
    Flow flow = call.body().flow(call.principal().organizationId(), names, queues::check);
    names.forEach(name -> queues.openOrCreate(tx, name));
    FlowNode added = added(tx, flow);
    tx.afterCommit(() -> names.forEach(queues::wake));
    FlowView view = FlowView.of(added);
    return Answer.json(201, view)
        .header(
            "Location", "/api/queues/%s/jobs/%s".formatted(view.job().queue(), view.job().id()));
  }

  private FlowNode added(Tx tx, Flow flow) {
    try {
      return Fields.checked("children", () -> queues.flows().add(tx.connection(), flow));
    } catch (IllegalStateException e) {
      throw ProblemException.conflict(
          "other-parent", "A job of this flow is there and has another parent");
    }
  }

  private Answer flow(Call<None> call) {
    QueueName name = QueueEndpoints.name(call);
    queues.open(name);
    int depth = (int) call.number("depth", 10, 1, MAX_DEPTH);
    int children = (int) call.number("maxChildren", DEFAULT_CHILDREN, 1, MAX_CHILDREN);
    FlowNode found =
        Fields.checked(
                "depth", () -> queues.flows().find(name.stored(), call.path("id"), depth, children))
            .orElseThrow(() -> ProblemException.notFound("job"));
    return Answer.json(FlowView.of(found));
  }

  private Answer dependencies(Call<None> call) {
    TaskQueue queue = queues.open(QueueEndpoints.name(call));
    String id = call.path("id");
    if (queue.find(id).isEmpty()) {
      throw ProblemException.notFound("job");
    }
    Optional<String> cursor = call.query("cursor");
    Page<Dependency> page =
        Fields.checked("cursor", () -> queue.dependencies(id, cursor, call.limit()));
    return Answer.json(
        new dev.mainstay.server.platform.http.Page<>(
            page.items().stream().map(DependencyView::of).toList(), page.next().orElse(null)));
  }
}
