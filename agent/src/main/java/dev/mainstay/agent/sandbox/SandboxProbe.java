package dev.mainstay.agent.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;

/** Turns what bubblewrap says when it fails into a sentence that tells what to do. */
final class SandboxProbe {
  private static final Path APPARMOR =
      Path.of("/proc/sys/kernel/apparmor_restrict_unprivileged_userns");
  private static final Path MAXIMUM = Path.of("/proc/sys/user/max_user_namespaces");
  private static final Path DEBIAN = Path.of("/proc/sys/kernel/unprivileged_userns_clone");

  private SandboxProbe() {}

  /** The program that is missing, if one is. */
  static Optional<String> missing(boolean root) {
    if (Host.find("bwrap").isEmpty()) {
      return Optional.of(
          "bubblewrap is not installed (there is no 'bwrap' in "
              + Host.PATH
              + "): install the package 'bubblewrap'.");
    }
    if (root && Host.find("setpriv").isEmpty()) {
      return Optional.of(
          "'setpriv' is not installed, and a server that runs as root needs it to leave root: "
              + "install the package 'util-linux'.");
    }
    if (!Files.isExecutable(Path.of("/bin/bash"))) {
      return Optional.of("There is no /bin/bash: install the package 'bash'.");
    }
    return Optional.empty();
  }

  /** Why bubblewrap failed. */
  static String explain(String message) {
    return explain(message, read(APPARMOR), read(MAXIMUM), read(DEBIAN));
  }

  static String explain(String message, String apparmor, String maximum, String debian) {
    String said = message.toLowerCase(Locale.ROOT);
    String first = message.strip().lines().findFirst().orElse("it ended without a message");
    if (said.contains("unknown option")) {
      return "The installed bubblewrap is too old (" + first + "): 0.8.0 or newer is needed.";
    }
    boolean refused =
        said.contains("namespace") || said.contains("uid map") || said.contains("not permitted");
    if (refused && maximum.equals("0")) {
      return "User namespaces are switched off (" + first + "): set user.max_user_namespaces.";
    }
    if (refused && debian.equals("0")) {
      return "User namespaces are refused to ordinary users ("
          + first
          + "): set kernel.unprivileged_userns_clone=1.";
    }
    if (refused && apparmor.equals("1")) {
      return "AppArmor refuses user namespaces ("
          + first
          + "): add an AppArmor profile that allows them to /usr/bin/bwrap, or set "
          + "kernel.apparmor_restrict_unprivileged_userns=0.";
    }
    if (said.contains("mount proc") || refused) {
      return "This machine, probably a container, does not allow bubblewrap to build a sandbox ("
          + first
          + "): run the server outside the container, or allow it user namespaces and an unmasked "
          + "/proc.";
    }
    return "bubblewrap does not work here (" + first + ").";
  }

  private static String read(Path setting) {
    try {
      return Files.readString(setting).strip();
    } catch (IOException absent) {
      return "";
    }
  }
}
