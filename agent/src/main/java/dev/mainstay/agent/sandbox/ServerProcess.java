package dev.mainstay.agent.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Names processes so that a reused pid is not mistaken for the one that had it before: {@code
 * pid.startticks}, from {@code /proc/PID/stat} (proc(5), fields 1 and 22).
 */
final class ServerProcess {
  static final int USER_ID = userId();
  static final String SELF = nameOf(ProcessHandle.current().pid());

  private static final int STATE = 0;
  private static final int SESSION = 3;
  private static final int START_TIME = 19;

  private ServerProcess() {}

  /** Whether the process that wrote its name somewhere still runs. */
  static boolean isAlive(String name) {
    int dot = name.indexOf('.');
    if (dot <= 0) {
      return false;
    }
    try {
      return name.equals(nameOf(Long.parseLong(name.substring(0, dot))));
    } catch (NumberFormatException | UncheckedIOException gone) {
      return false;
    }
  }

  /** Whether it runs, and not merely waits to be collected, in a session. */
  static boolean isInSession(long pid, long session) {
    try {
      List<String> fields = fields(pid);
      return Long.parseLong(fields.get(SESSION)) == session && !fields.get(STATE).equals("Z");
    } catch (UncheckedIOException gone) {
      return false;
    }
  }

  private static String nameOf(long pid) {
    return pid + "." + fields(pid).get(START_TIME);
  }

  /** The fields after the command name, which may itself hold spaces and parentheses. */
  private static List<String> fields(long pid) {
    try {
      String stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return List.of(stat.substring(stat.lastIndexOf(')') + 2).trim().split(" ", -1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int userId() {
    try {
      return (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
