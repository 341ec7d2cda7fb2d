package dev.mainstay.agent;

import java.time.Instant;

/**
 * What one run is asked to do.
 *
 * @param prompt the user's words; the first message of the conversation
 * @param instructions the system prompt, see {@link Instructions}; stable during the run
 * @param model the model's id, as the API takes it
 * @param startedAt when the run first began; the wall clock limit counts from here, so the caller
 *     keeps it over restarts
 */
public record AgentTask(
    String prompt, String instructions, String model, RunLimits limits, Instant startedAt) {}
