package dev.mainstay.agent.sandbox;

import java.util.Map;

/** The variables that a command gets; nothing of the server's own environment. */
final class ShellEnvironment {
  /** Marks what this server started, so that the next one can find it: {@link Orphans}. */
  static final String OWNER = "MAINSTAY_SANDBOX_OWNER";

  static final Map<String, String> BASE =
      Map.ofEntries(
          Map.entry("PATH", Host.PATH),
          Map.entry("LANG", "C.UTF-8"),
          Map.entry("TERM", "dumb"),
          Map.entry("NO_COLOR", "1"),
          Map.entry("PAGER", "cat"),
          Map.entry("GIT_PAGER", "cat"),
          Map.entry("GIT_TERMINAL_PROMPT", "0"),
          Map.entry("USER", "agent"),
          Map.entry("LOGNAME", "agent"),
          Map.entry("SHELL", "/bin/bash"),
          Map.entry("TMPDIR", "/tmp"));

  private ShellEnvironment() {}
}
