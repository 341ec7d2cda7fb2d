package dev.mainstay.agent.tool;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Strict access to a call's input: nothing is guessed, converted or ignored. */
final class ToolInput {
  private final JsonNode input;

  ToolInput(JsonNode input, Set<String> fields) throws ToolFailure {
    if (!input.isObject()) {
      throw new ToolFailure("The input must be a JSON object.");
    }
    for (String name : (Iterable<String>) input::fieldNames) {
      if (!fields.contains(name)) {
        throw new ToolFailure(
            "There is no parameter '" + name + "'; allowed are " + new TreeSet<>(fields) + ".");
      }
    }
    this.input = input;
  }

  boolean has(String name) {
    return input.hasNonNull(name);
  }

  String string(String name) throws ToolFailure {
    JsonNode value = input.path(name);
    if (!value.isTextual()) {
      throw new ToolFailure("'" + name + "' is required and must be a string.");
    }
    return value.textValue();
  }

  String string(String name, String absent) throws ToolFailure {
    return has(name) ? string(name) : absent;
  }

  int integer(String name, int absent, int minimum, int maximum) throws ToolFailure {
    if (!has(name)) {
      return absent;
    }
    JsonNode value = input.path(name);
    // Models write 5 as 5.0 at times.
    boolean whole = value.isNumber() && value.doubleValue() == Math.rint(value.doubleValue());
    if (!whole || value.doubleValue() < minimum || value.doubleValue() > maximum) {
      throw new ToolFailure(
          "'" + name + "' must be a whole number from " + minimum + " to " + maximum + ".");
    }
    return value.intValue();
  }

  boolean flag(String name) throws ToolFailure {
    if (!has(name)) {
      return false;
    }
    if (!input.path(name).isBoolean()) {
      throw new ToolFailure("'" + name + "' must be true or false.");
    }
    return input.path(name).booleanValue();
  }

  String oneOf(String name, List<String> allowed) throws ToolFailure {
    String value = string(name, allowed.getFirst());
    if (!allowed.contains(value)) {
      throw new ToolFailure("'" + name + "' must be one of " + allowed + ".");
    }
    return value;
  }

  JsonNode array(String name) throws ToolFailure {
    if (!input.path(name).isArray()) {
      throw new ToolFailure("'" + name + "' is required and must be a list.");
    }
    return input.path(name);
  }
}
