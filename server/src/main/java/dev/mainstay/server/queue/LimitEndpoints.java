package dev.mainstay.server.queue;

import dev.mainstay.queue.JobGroup;
import dev.mainstay.queue.Page;
import dev.mainstay.queue.TaskQueue;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Min;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The HTTP side of what limits the jobs of a queue. */
final class LimitEndpoints {
  private static final String GROUPS = QueueEndpoints.QUEUE + "/groups";
  private static final String GROUP_LIMITS = GROUPS + "/{group}/limits";

  private final Queues queues;

  LimitEndpoints(Queues queues) {
    this.queues = queues;
  }

  /**
   * How many jobs may be active at once over all workers.
   *
   * @param concurrency any number if absent
   */
  record SetConcurrency(@Nullable @Min(1) Integer concurrency) {}

  /**
   * How many jobs may start, or how many units they may use, over all workers.
   *
   * @param limit no limit if absent
   */
  record SetRateLimit(@Nullable @Valid RateLimitBody limit) {}

  List<Endpoint<?>> list() {
    return List.of(
        Endpoint.put(
                QueueEndpoints.QUEUE + "/concurrency",
                Permission.QUEUES_OPERATE,
                "Set how many jobs may be active at once over all workers",
                SetConcurrency.class)
            .answers(200, QueueView.class)
            .handle(call -> configured(call, queue -> queue.setConcurrency(limit(call.body())))),
        Endpoint.put(
                QueueEndpoints.QUEUE + "/rate-limit",
                Permission.QUEUES_OPERATE,
                "Set how many jobs may start within a time, over all workers",
                SetRateLimit.class)
            .answers(200, QueueView.class)
            .handle(
                call ->
                    configured(
                        call,
                        queue -> queue.setRateLimit(RateLimitBody.limit(call.body().limit())))),
        Endpoint.put(
                QueueEndpoints.QUEUE + "/unit-limit",
                Permission.QUEUES_OPERATE,
                "Set how many units jobs may use within a time, over all workers",
                SetRateLimit.class)
            .answers(200, QueueView.class)
            .handle(
                call ->
                    configured(
                        call,
                        queue -> queue.setUnitLimit(RateLimitBody.limit(call.body().limit())))),
        Endpoint.put(
                QueueEndpoints.QUEUE + "/group-limits",
                Permission.QUEUES_OPERATE,
                "Set what each group may take that has no limits of its own",
                GroupLimitsBody.class)
            .answers(200, QueueView.class)
            .handle(call -> configured(call, queue -> queue.setGroupLimits(call.body().limits()))),
        Endpoint.get(
                GROUPS,
                Permission.QUEUES_READ,
                "List groups that have jobs which wait or are active, or limits of their own")
            .pageOf(GroupView.class)
            .handle(this::groups),
        Endpoint.put(
                GROUP_LIMITS,
                Permission.QUEUES_OPERATE,
                "Give a group limits of its own, instead of those of every group",
                GroupLimitsBody.class)
            .answers(200, GroupLimitsBody.class)
            .handle(
                call -> {
                  own(call, Optional.of(call.body()));
                  return Answer.json(call.body());
                }),
        Endpoint.delete(GROUP_LIMITS, Permission.QUEUES_OPERATE, "Take its own limits from a group")
            .answersNothing()
            .handle(
                call -> {
                  own(call, Optional.empty());
                  return Answer.none();
                }));
  }

  private Answer configured(Call<?> call, Consumer<TaskQueue> change) {
    QueueName name = QueueEndpoints.name(call);
    change.accept(queues.openOrCreate(name));
    return Answer.json(queues.find(name));
  }

  private static OptionalInt limit(SetConcurrency body) {
    return body.concurrency() == null ? OptionalInt.empty() : OptionalInt.of(body.concurrency());
  }

  private Answer groups(Call<None> call) {
    Page<JobGroup> page =
        queues.open(QueueEndpoints.name(call)).groups(call.query("cursor"), call.limit());
    return Answer.json(
        new dev.mainstay.server.platform.http.Page<>(
            page.items().stream().map(GroupView::of).toList(), page.next().orElse(null)));
  }

  private void own(Call<?> call, Optional<GroupLimitsBody> limits) {
    String group = call.path("group");
    if (!group.matches(NewJobOptions.ID_FORM)) {
      throw Fields.wrong("group", NewJobOptions.ID_RULE);
    }
    TaskQueue queue = queues.openOrCreate(QueueEndpoints.name(call));
    queue.setGroupLimits(group, limits.map(GroupLimitsBody::limits));
  }
}
