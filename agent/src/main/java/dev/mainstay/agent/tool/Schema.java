package dev.mainstay.agent.tool;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Builds the JSON Schema of a tool's input. */
final class Schema {
  private final ObjectNode root = JsonNodeFactory.instance.objectNode();
  private final ObjectNode properties;

  Schema() {
    root.put("type", "object");
    properties = root.putObject("properties");
    root.put("additionalProperties", false);
  }

  Schema string(String name, String description) {
    return property(name, "string", description);
  }

  Schema integer(String name, int minimum, int maximum, String description) {
    property(name, "integer", description);
    ObjectNode property = properties.withObject("/" + name);
    property.put("minimum", minimum);
    property.put("maximum", maximum);
    return this;
  }

  Schema flag(String name, String description) {
    return property(name, "boolean", description);
  }

  Schema oneOf(String name, List<String> values, String description) {
    string(name, description);
    values.forEach(properties.withObject("/" + name).putArray("enum")::add);
    return this;
  }

  Schema list(String name, Schema items, String description) {
    property(name, "array", description);
    properties.withObject("/" + name).set("items", items.root);
    return this;
  }

  ObjectNode required(String... names) {
    for (String name : names) {
      root.withArray("/required").add(name);
    }
    return root;
  }

  Schema requiring(String... names) {
    required(names);
    return this;
  }

  private Schema property(String name, String type, String description) {
    ObjectNode property = properties.putObject(name);
    property.put("type", type);
    property.put("description", description);
    return this;
  }
}
