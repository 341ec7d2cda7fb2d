package dev.mainstay.agent.tool;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What the model is told of a tool.
 *
 * @param inputSchema JSON Schema of type object
 * @param readOnly running it again changes nothing: it may run in parallel with others, and runs
 *     again by itself after a crash
 */
public record ToolSpec(String name, String description, ObjectNode inputSchema, boolean readOnly) {}
