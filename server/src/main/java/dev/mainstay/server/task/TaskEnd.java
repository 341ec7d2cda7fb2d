package dev.mainstay.server.task;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.event.Event;
import dev.mainstay.server.event.EventLog;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import java.time.Instant;

/** How a task's row and log look at its end. */
final class TaskEnd {
  private TaskEnd() {}

  static void canceled(TasksRecord row, Instant now) {
    row.setErrorCode("canceled");
    row.setErrorMessage("The task was canceled");
    row.setFinishedAt(now);
  }

  static void failed(TasksRecord row, String code, String message, Instant now) {
    row.setErrorCode(code);
    row.setErrorMessage(message);
    row.setFinishedAt(now);
  }

  /** Appends the terminal event that matches the row. */
  static void emit(EventLog events, Tx tx, TasksRecord row) {
    TaskStatus status = TaskStatus.of(row.getStatus());
    ObjectNode data = Json.object().put("status", status.word());
    TaskView.ResultView result = TaskViews.result(status, row);
    if (result != null) {
      data.set("result", Json.MAPPER.valueToTree(result));
    }
    TaskView.ErrorView error = TaskViews.error(status, row);
    if (error != null) {
      data.set("error", Json.MAPPER.valueToTree(error));
    }
    events.append(tx, row.getOrganizationId(), row.getId(), Event.COMPLETE, data);
  }
}
