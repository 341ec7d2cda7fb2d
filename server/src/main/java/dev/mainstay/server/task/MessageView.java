package dev.mainstay.server.task;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A committed message.
 *
 * @param content Anthropic content blocks
 * @param summary it stands, for the model, in place of all messages before it
 */
record MessageView(
    String id,
    String role,
    JsonNode content,
    boolean summary,
    @Nullable String stopReason,
    Instant createdAt) {}
