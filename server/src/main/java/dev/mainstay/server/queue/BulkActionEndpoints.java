package dev.mainstay.server.queue;

import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Permission;
import java.util.List;

/** The HTTP side of bulk actions. */
final class BulkActionEndpoints {
  private static final String ALL = QueueEndpoints.QUEUE + "/bulk-actions";
  private static final String ONE = ALL + "/{id}";

  private final BulkActions actions;

  BulkActionEndpoints(BulkActions actions) {
    this.actions = actions;
  }

  List<Endpoint<?>> list() {
    return List.of(
        Endpoint.post(
                ALL,
                Permission.QUEUES_OPERATE,
                "Retry, promote, cancel or remove all jobs that match and are there now, in the background",
                NewBulkAction.class)
            .answers(201, BulkActionView.class)
            .create(
                (call, tx) -> {
                  QueueName queue = QueueEndpoints.name(call);
                  BulkActionView action =
                      actions.create(tx, queue, call.body(), call.principal().userId());
                  return Answer.json(201, action)
                      .header(
                          "Location",
                          "/api/queues/%s/bulk-actions/%s".formatted(queue.name(), action.id()));
                }),
        Endpoint.get(
                ALL,
                Permission.QUEUES_READ,
                "List bulk actions, newest first; the newest 100 are kept")
            .pageOf(BulkActionView.class)
            .handle(
                call ->
                    Answer.json(
                        actions.list(
                            QueueEndpoints.name(call), call.query("cursor"), call.limit()))),
        Endpoint.get(ONE, Permission.QUEUES_READ, "Get a bulk action, and how far it is")
            .answers(200, BulkActionView.class)
            .handle(call -> Answer.json(actions.find(QueueEndpoints.name(call), call.path("id")))),
        Endpoint.post(
                ONE + "/cancel",
                Permission.QUEUES_OPERATE,
                "End a bulk action; what it has done stays")
            .answers(200, BulkActionView.class)
            .handle(
                call -> Answer.json(actions.cancel(QueueEndpoints.name(call), call.path("id")))));
  }
}
