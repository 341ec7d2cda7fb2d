package dev.mainstay.server.task;

import dev.mainstay.agent.git.GitException;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The HTTP side of tasks. */
final class TaskEndpoints {
  private static final int MAX_QUERY = 200;
  static final int MAX_DIFF_BYTES = 4 * 1024 * 1024;

  private final TaskService service;
  private final TaskRetention retention;
  private final TaskStore store;
  private final TaskModule.Parts parts;
  private final Handover handover;

  TaskEndpoints(
      TaskService service,
      TaskRetention retention,
      TaskStore store,
      TaskModule.Parts parts,
      Handover handover) {
    this.service = service;
    this.retention = retention;
    this.store = store;
    this.parts = parts;
    this.handover = handover;
  }

  /** Something to say to a task. */
  record Steer(@NotBlank @Size(max = 100_000) String text) {}

  /** Why a change is rejected; the agent reads it. */
  record Reject(@NotBlank @Size(max = 100_000) String reason) {}

  /**
   * What this server can do for tasks.
   *
   * @param limitation a sentence if commands cannot run here, empty if they can
   */
  record Capabilities(
      boolean modelConfigured, String model, boolean scripted, String missing, String limitation) {}

  List<Endpoint<?>> list() {
    return List.of(
        Endpoint.post("/api/tasks", Permission.TASKS_WRITE, "Create a task", CreateTask.class)
            .answers(202, TaskView.class)
            .create(
                (call, tx) -> {
                  TaskView task = service.create(tx, call.principal(), call.body());
                  return Answer.json(202, task).header("Location", "/api/tasks/" + task.id());
                }),
        Endpoint.get("/api/tasks", Permission.TASKS_READ, "List tasks, newest first")
            .query("status", "string", "Only tasks with this status")
            .query("priority", "string", "Only tasks with this priority: P0, P1, P2, P3")
            .query("q", "string", "Only tasks with this text in prompt, repository or summary")
            .pageOf(TaskView.class)
            .handle(this::tasks),
        Endpoint.get("/api/tasks/{id}", Permission.TASKS_READ, "Get a task")
            .answers(200, TaskView.class)
            .handle(call -> Answer.json(service.get(organization(call), call.path("id")))),
        Endpoint.delete(
                "/api/tasks/{id}",
                Permission.TASKS_WRITE,
                "Delete a finished task with all that belongs to it")
            .handle(
                call -> {
                  retention.delete(organization(call), call.path("id"));
                  return Answer.none();
                }),
        Endpoint.get("/api/tasks/{id}/messages", Permission.TASKS_READ, "List a task's messages")
            .pageOf(MessageView.class)
            .handle(this::messages),
        Endpoint.get(
                "/api/tasks/{id}/tool-calls", Permission.TASKS_READ, "List a task's tool calls")
            .pageOf(ToolCallView.class)
            .handle(this::toolCalls),
        Endpoint.get(
                "/api/tasks/{id}/diff",
                Permission.TASKS_READ,
                "Get a task's change as a unified diff")
            .answersRaw("text/x-diff")
            .handle(this::diff),
        Endpoint.post("/api/tasks/{id}/cancel", Permission.TASKS_WRITE, "Cancel a task")
            .answers(200, TaskView.class)
            .handle(call -> Answer.json(service.cancel(call.principal(), call.path("id")))),
        Endpoint.post(
                "/api/tasks/{id}/retry",
                Permission.TASKS_WRITE,
                "Run a failed or canceled task on from its last step")
            .answers(200, TaskView.class)
            .handle(call -> Answer.json(service.retry(call.principal(), call.path("id")))),
        Endpoint.post(
                "/api/tasks/{id}/messages",
                Permission.TASKS_WRITE,
                "Say something to a queued or running task",
                Steer.class)
            .answers(202, TaskView.class)
            .create(
                (call, tx) ->
                    Answer.json(
                        202,
                        service.message(
                            tx, call.principal(), call.path("id"), call.body().text()))),
        Endpoint.post(
                "/api/tasks/{id}/approve", Permission.TASKS_WRITE, "Approve the change that waits")
            .answers(200, TaskView.class)
            .handle(call -> Answer.json(service.approve(call.principal(), call.path("id")))),
        Endpoint.post(
                "/api/tasks/{id}/reject",
                Permission.TASKS_WRITE,
                "Reject the change that waits; the agent goes on with the reason",
                Reject.class)
            .answers(200, TaskView.class)
            .handle(
                call ->
                    Answer.json(
                        service.reject(call.principal(), call.path("id"), call.body().reason()))),
        Endpoint.get("/api/capabilities", Permission.SIGNED_IN, "What this server can do for tasks")
            .answers(200, Capabilities.class)
            .handle(call -> Answer.json(capabilities())));
  }

  private static String organization(Call<?> call) {
    return call.principal().organizationId();
  }

  private Capabilities capabilities() {
    Models models = parts.models();
    return new Capabilities(
        models.client().isPresent(),
        models.defaultModel(),
        models.scripted(),
        models.client().isPresent() ? "" : models.missing(),
        parts.toolboxes().limitation());
  }

  private Answer tasks(Call<None> call) {
    TaskStore.Filter filter =
        new TaskStore.Filter(
            call.query("status").map(TaskEndpoints::status),
            call.query("priority").map(TaskEndpoints::priority),
            call.query("q").map(TaskEndpoints::text),
            call.query("cursor"));
    return Answer.json(service.list(organization(call), filter, call.limit()));
  }

  private static TaskStatus status(String word) {
    return Arrays.stream(TaskStatus.values())
        .filter(status -> status.word().equals(word))
        .findFirst()
        .orElseThrow(
            () ->
                ProblemException.badRequest(
                    "status",
                    "must be one of "
                        + Arrays.stream(TaskStatus.values())
                            .map(TaskStatus::word)
                            .collect(Collectors.joining(", "))));
  }

  private static CreateTask.TaskPriority priority(String word) {
    return Arrays.stream(CreateTask.TaskPriority.values())
        .filter(priority -> priority.name().equals(word))
        .findFirst()
        .orElseThrow(
            () -> ProblemException.badRequest("priority", "must be one of P0, P1, P2, P3"));
  }

  private static String text(String text) {
    if (text.length() > MAX_QUERY) {
      throw ProblemException.badRequest("q", "may have " + MAX_QUERY + " characters");
    }
    return text;
  }

  private Answer messages(Call<None> call) {
    String id = service.row(organization(call), call.path("id")).getId();
    int after = (int) call.number("cursor", 0, 0, Integer.MAX_VALUE);
    return Answer.json(parts.database().read(sql -> store.messages(sql, id, after, call.limit())));
  }

  private Answer toolCalls(Call<None> call) {
    String id = service.row(organization(call), call.path("id")).getId();
    String after = call.query("cursor").orElse("");
    return Answer.json(parts.database().read(sql -> store.toolCalls(sql, id, after, call.limit())));
  }

  private Answer diff(Call<None> call) throws InterruptedException {
    var row = service.row(organization(call), call.path("id"));
    if (row.getStatus().equals(TaskStatus.RUNNING.word())) {
      // An agent could swap a directory for a link while git reads it.
      throw ProblemException.conflict(
          "diff-not-ready", "The change is shown once the agent has stopped working");
    }
    try {
      String diff = handover.diff(row);
      return new Answer.Raw(200, "text/x-diff; charset=utf-8", diff);
    } catch (GitException e) {
      throw ProblemException.of(e.code(), "Diff not available", 409, message(e));
    }
  }

  private static String message(GitException e) {
    return Optional.ofNullable(e.getMessage()).orElse("git failed");
  }
}
