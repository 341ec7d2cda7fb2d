package dev.mainstay.agent.tool;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A place in the workspace as its components; the workspace itself has none.
 *
 * @param components without {@code .}, {@code ..} or empty ones
 */
record WorkspacePath(List<String> components) {
  /** Where the sandboxed shell sees the workspace. */
  private static final String MOUNT = "/workspace";

  private static final int MAX_BYTES = 4000;
  private static final int MAX_DEPTH = 100;

  WorkspacePath {
    components = List.copyOf(components);
  }

  /**
   * @param root the workspace's real path on the host, which an unsandboxed shell shows
   */
  static WorkspacePath parse(String text, String root) throws ToolFailure {
    if (text.isEmpty()) {
      throw new ToolFailure("The path is empty.");
    }
    if (text.indexOf('\0') >= 0) {
      throw new ToolFailure("The path contains a NUL character.");
    }
    if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
      throw new ToolFailure("The path is longer than " + MAX_BYTES + " bytes.");
    }
    List<String> components = new ArrayList<>();
    for (String component : relative(text, root).split("/", -1)) {
      if (component.equals("..")) {
        throw new ToolFailure("'..' is not allowed in a path; name it from the workspace's root.");
      }
      if (!component.isEmpty() && !component.equals(".")) {
        components.add(component);
      }
    }
    if (components.size() > MAX_DEPTH) {
      throw new ToolFailure("The path is deeper than " + MAX_DEPTH + " directories.");
    }
    return new WorkspacePath(components);
  }

  /** Relative to the workspace; the workspace itself is {@code .}. */
  @Override
  public String toString() {
    return components.isEmpty() ? "." : String.join("/", components);
  }

  boolean isInGitDirectory() {
    return components.stream().anyMatch(WorkspacePath::isGitName);
  }

  /** Whatever the case: some file systems do not tell. */
  static boolean isGitName(String name) {
    return name.equalsIgnoreCase(".git");
  }

  private static String relative(String text, String root) throws ToolFailure {
    if (!text.startsWith("/")) {
      return text;
    }
    for (String prefix : List.of(MOUNT, root)) {
      if (text.equals(prefix) || text.startsWith(prefix + "/")) {
        return text.substring(prefix.length());
      }
    }
    throw new ToolFailure(
        "'"
            + Text.cut(text, 200)
            + "' is outside the workspace; use a path relative to it, or below /workspace.");
  }
}
