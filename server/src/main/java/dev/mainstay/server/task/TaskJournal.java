package dev.mainstay.server.task;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.Journal;
import dev.mainstay.agent.Message;
import dev.mainstay.agent.ToolCall;
import dev.mainstay.agent.Usage;
import dev.mainstay.server.event.EventLog;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Tx;
import dev.mainstay.server.schema.tables.records.MessagesRecord;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import dev.mainstay.server.schema.tables.records.ToolCallsRecord;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jooq.DSLContext;

/** The journal of one run: rows and their events, in one transaction each, under one claim. */
final class TaskJournal implements Journal {
  private final Database database;
  private final RunStore store;
  private final EventLog events;
  private final InstantSource clock;
  private final Claim claim;

  TaskJournal(
      Database database, RunStore store, EventLog events, InstantSource clock, Claim claim) {
    this.database = database;
    this.store = store;
    this.events = events;
    this.clock = clock;
    this.claim = claim;
  }

  Claim claim() {
    return claim;
  }

  @Override
  public RunState load() {
    return database.read(this::state);
  }

  private RunState state(DSLContext sql) {
    TasksRecord task = store.task(sql, claim.taskId());
    List<MessagesRecord> rows = store.conversation(sql, claim.taskId());
    List<ToolCall> open =
        rows.isEmpty() || !rows.getLast().getRole().equals("assistant")
            ? List.of()
            : store.calls(sql, rows.getLast().getId()).stream().map(TaskJournal::toolCall).toList();
    return new RunState(
        rows.stream().map(TaskJournal::message).toList(),
        open,
        new Usage(
            task.getInputTokens(),
            task.getOutputTokens(),
            task.getCacheReadTokens(),
            task.getCacheWriteTokens()),
        task.getCostUsd(),
        task.getModelCalls(),
        task.getTurns(),
        rows.isEmpty() ? Optional.empty() : Optional.ofNullable(rows.getLast().getStopReason()));
  }

  private static Message message(MessagesRecord row) {
    List<ObjectNode> content = new ArrayList<>();
    for (JsonNode block : Json.read(row.getContent())) {
      content.add((ObjectNode) block);
    }
    return new Message(
        row.getId(), Message.Role.valueOf(row.getRole().toUpperCase(Locale.ROOT)), content);
  }

  private static ToolCall toolCall(ToolCallsRecord row) {
    return new ToolCall(
        row.getToolUseId(),
        row.getName(),
        (ObjectNode) Json.read(row.getInput()),
        ToolCall.State.valueOf(row.getState().toUpperCase(Locale.ROOT)),
        row.getCheckpoint(),
        row.getOutput(),
        row.getIsError());
  }

  @Override
  public Optional<Message> appendUser(List<ObjectNode> blocks, List<Ended> ended) {
    return database.write(
        tx -> {
          Instant now = hold(tx);
          ended.forEach(call -> finish(tx, call, now));
          List<ObjectNode> content = new ArrayList<>(blocks);
          for (String text : store.takeInputs(tx, claim, now)) {
            content.add(Json.object().put("type", "text").put("text", text));
          }
          return content.isEmpty()
              ? Optional.<Message>empty()
              : Optional.of(insert(tx, Message.Role.USER, content, false, null, now));
        });
  }

  @Override
  public Message appendAssistant(List<ObjectNode> content, ModelCall call, List<Start> started) {
    return database.write(
        tx -> {
          Instant now = hold(tx);
          Message message =
              insert(tx, Message.Role.ASSISTANT, content, false, call.stopReason(), now);
          int ordinal = 0;
          for (ObjectNode block : content) {
            if (block.path("type").asText().equals("tool_use")) {
              insertCall(tx, message.id(), ordinal++, block, started, now);
            }
          }
          recordCall(tx, Optional.of(message.id()), call, 1, now);
          for (ObjectNode block : content) {
            String id = block.path("id").asText();
            if (starting(started, id).isPresent()) {
              emitCall(tx, id, block.path("name").asText(), input(block));
            }
          }
          return message;
        });
  }

  private void insertCall(
      Tx tx, String messageId, int ordinal, ObjectNode block, List<Start> started, Instant now) {
    String id = block.path("id").asText();
    Optional<Start> start = starting(started, id);
    store.insertCall(
        tx,
        claim,
        new RunStore.NewCall(
            messageId,
            ordinal,
            id,
            block.path("name").asText(),
            Json.write(input(block)),
            word(start.isPresent() ? ToolCall.State.STARTED : ToolCall.State.PENDING),
            start.map(Start::checkpoint).orElse(null),
            start.isPresent() ? now : null),
        now);
  }

  private static Optional<Start> starting(List<Start> started, String toolUseId) {
    return started.stream().filter(start -> start.toolUseId().equals(toolUseId)).findFirst();
  }

  private static JsonNode input(ObjectNode block) {
    JsonNode input = block.path("input");
    return input.isObject() ? input : Json.object();
  }

  @Override
  public void recordFailedCall(ModelCall call) {
    database.execute(tx -> recordCall(tx, Optional.empty(), call, 0, hold(tx)));
  }

  @Override
  public Message appendSummary(List<ObjectNode> content, ModelCall call) {
    return database.write(
        tx -> {
          Instant now = hold(tx);
          Message message = insert(tx, Message.Role.USER, content, true, call.stopReason(), now);
          recordCall(tx, Optional.of(message.id()), call, 0, now);
          return message;
        });
  }

  @Override
  public void advance(List<Ended> ended, List<Start> started) {
    database.execute(
        tx -> {
          Instant now = hold(tx);
          ended.forEach(call -> finish(tx, call, now));
          started.forEach(call -> start(tx, call, now));
        });
  }

  private void start(Tx tx, Start call, Instant now) {
    store.startCall(
        tx, announced(tx, call.toolUseId()), word(ToolCall.State.STARTED), call.checkpoint(), now);
  }

  private void finish(Tx tx, Ended call, Instant now) {
    RunStore.Call row = announced(tx, call.toolUseId());
    store.finishCall(tx, row, word(ToolCall.State.FINISHED), call, now);
    emit(
        tx,
        "tool_result",
        Json.object()
            .put("id", call.toolUseId())
            .put("name", row.name())
            .put("output", call.output())
            .put("isError", call.isError())
            .put("durationMs", call.durationMillis()));
  }

  /** The call; its event is written when it leaves {@code PENDING}, once. */
  private RunStore.Call announced(Tx tx, String toolUseId) {
    RunStore.Call row = store.call(tx, claim.taskId(), toolUseId);
    if (row.state().equals(word(ToolCall.State.PENDING))) {
      emitCall(tx, toolUseId, row.name(), Json.read(row.input()));
    }
    return row;
  }

  /** A status that is only an event: the task's row stays as it is. */
  void status(String status, String detail) {
    database.execute(
        tx -> {
          hold(tx);
          ObjectNode data = Json.object().put("status", status);
          emit(tx, "status", detail.isEmpty() ? data : data.put("detail", detail));
        });
  }

  /** Changes the task's row under the claim. */
  <T> T change(Function<Tx, T> work) {
    return database.write(
        tx -> {
          hold(tx);
          return work.apply(tx);
        });
  }

  /** As {@link #change}, for work without a result. */
  void execute(Consumer<Tx> work) {
    database.execute(
        tx -> {
          hold(tx);
          work.accept(tx);
        });
  }

  void emit(Tx tx, String type, JsonNode data) {
    events.append(tx, claim.organizationId(), claim.taskId(), type, data);
  }

  private void emitCall(Tx tx, String toolUseId, String name, JsonNode input) {
    ObjectNode data = Json.object().put("id", toolUseId).put("name", name);
    data.set("input", input);
    emit(tx, "tool_call", data);
  }

  private Message insert(
      Tx tx,
      Message.Role role,
      List<ObjectNode> content,
      boolean summary,
      @org.jspecify.annotations.Nullable String stopReason,
      Instant now) {
    Message message = new Message(Ids.next(), role, content);
    ArrayNode blocks = Json.MAPPER.createArrayNode().addAll(content);
    String roleWord = role.name().toLowerCase(Locale.ROOT);
    store.insertMessage(
        tx,
        claim,
        new RunStore.NewMessage(message.id(), roleWord, summary, Json.write(blocks), stopReason),
        now);
    ObjectNode data = Json.object().put("id", message.id()).put("role", roleWord);
    data.set("content", blocks);
    emit(tx, "message", summary ? data.put("summary", true) : data);
    return message;
  }

  private void recordCall(
      Tx tx, Optional<String> messageId, ModelCall call, int turns, Instant now) {
    store.insertModelCall(tx, claim, messageId.orElse(null), call, now);
    TaskView.UsageView usage = store.addUsage(tx, claim, call, turns);
    emit(tx, "usage", Json.MAPPER.valueToTree(usage));
  }

  private Instant hold(Tx tx) {
    Instant now = clock.instant();
    store.hold(tx, claim, now);
    return now;
  }

  private static String word(ToolCall.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }
}
