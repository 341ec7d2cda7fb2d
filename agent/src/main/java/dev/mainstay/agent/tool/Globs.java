package dev.mainstay.agent.tool;

/**
 * Shell patterns as regular expressions: {@code *} and {@code ?} stay within a name, a component
 * {@code **} stands for any number of directories, {@code [a-z]} and {@code {a,b}} are as usual.
 */
final class Globs {
  private static final int MAX_PATTERN = 300;

  private Globs() {}

  static String toRegex(String glob) throws ToolFailure {
    if (glob.isEmpty() || glob.length() > MAX_PATTERN) {
      throw new ToolFailure("The pattern must have 1 to " + MAX_PATTERN + " characters.");
    }
    StringBuilder regex = new StringBuilder("^");
    int depth = 0;
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> i += star(glob, i, regex);
        case '?' -> regex.append("[^/]");
        case '[' -> i += set(glob, i, regex);
        case '{' -> {
          depth++;
          regex.append("(?:");
        }
        case '}' -> {
          if (--depth < 0) {
            throw new ToolFailure("The pattern has a '}' without '{'.");
          }
          regex.append(')');
        }
        case ',' -> regex.append(depth > 0 ? "|" : ",");
        case '\\' -> {
          if (++i == glob.length()) {
            throw new ToolFailure("The pattern ends with a backslash.");
          }
          literal(glob.charAt(i), regex);
        }
        default -> literal(c, regex);
      }
    }
    if (depth > 0) {
      throw new ToolFailure("The pattern has a '{' without '}'.");
    }
    return regex.append('$').toString();
  }

  /** Returns how many characters after the first it took. */
  private static int star(String glob, int at, StringBuilder regex) {
    int end = at;
    while (end < glob.length() && glob.charAt(end) == '*') {
      end++;
    }
    boolean component = at == 0 || glob.charAt(at - 1) == '/';
    if (end - at > 1 && component && end < glob.length() && glob.charAt(end) == '/') {
      regex.append("(?:[^/]+/)*");
      return end - at;
    }
    regex.append(end - at > 1 ? ".*" : "[^/]*");
    return end - at - 1;
  }

  private static int set(String glob, int at, StringBuilder regex) throws ToolFailure {
    int end = glob.indexOf(']', at + 2);
    if (end < 0) {
      throw new ToolFailure("The pattern has a '[' without ']'.");
    }
    String body = glob.substring(at + 1, end);
    boolean negated = body.startsWith("!") || body.startsWith("^");
    regex.append(negated ? "[^/" : "[");
    for (char c : body.substring(negated ? 1 : 0).toCharArray()) {
      regex.append(Character.isLetterOrDigit(c) || c == '-' ? "" : "\\").append(c);
    }
    regex.append(']');
    return end - at;
  }

  private static void literal(char c, StringBuilder regex) {
    if ("\\^$.|?*+()[]{}".indexOf(c) >= 0) {
      regex.append('\\');
    }
    regex.append(c);
  }
}
