package dev.mainstay.server.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A tool call.
 *
 * @param id the model's {@code tool_use} id
 * @param state how far it is: pending, started, finished
 */
record ToolCallView(
    String id,
    String messageId,
    String name,
    JsonNode input,
    String state,
    @Nullable String output,
    boolean isError,
    @Nullable Long durationMs,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt) {}
