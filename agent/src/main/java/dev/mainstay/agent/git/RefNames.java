package dev.mainstay.agent.git;

import java.util.regex.Pattern;

/** The rules of git-check-ref-format(1) for branches, and a little stricter: no leading dash. */
public final class RefNames {
  private static final int MAX_LENGTH = 200;

  /** Control characters, and what git's own syntax uses. */
  private static final Pattern FORBIDDEN =
      Pattern.compile("[\\x00-\\x20\\x7f~^:?*\\[\\\\]|\\.\\.|@\\{|//");

  private RefNames() {}

  public static boolean isValidBranch(String name) {
    if (name.isEmpty() || name.length() > MAX_LENGTH || name.equals("@") || name.equals("HEAD")) {
      return false;
    }
    if (name.startsWith("-") || name.startsWith("/") || name.endsWith("/") || name.endsWith(".")) {
      return false;
    }
    if (FORBIDDEN.matcher(name).find()) {
      return false;
    }
    for (String part : name.split("/", -1)) {
      if (part.startsWith(".") || part.endsWith(".lock")) {
        return false;
      }
    }
    return true;
  }
}
