package dev.mainstay.agent.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where things lie below the root. Only {@code runs/ID/tree} is ever shown to a sandbox.
 *
 * <pre>
 * mirrors/KEY.git   bare, objects and refs of one tenant's repository
 * mirrors/KEY.lock  held while the mirror fetches
 * mirrors/KEY.use   held while a run begins to use the mirror
 * runs/ID/          tree, index, ready (the marker), lock
 * trash/            what is being deleted
 * home/             an empty home directory for git
 * askpass           hands git the credentials of its environment
 * </pre>
 */
record Layout(Path root) {
  private static final Pattern RUN_ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");
  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rwx------");

  /** A sandbox's user must be able to reach its tree. */
  private static final Set<PosixFilePermission> PASSABLE =
      PosixFilePermissions.fromString("rwx--x--x");

  /**
   * Answers only if git asks for the one host that the credentials are for: the prompt names it as
   * {@code 'https://host'} or {@code 'https://user@host'}.
   */
  private static final String ASKPASS =
      """
      #!/bin/sh
      case "$1" in
      *"//$MAINSTAY_GIT_HOST'"* | *"@$MAINSTAY_GIT_HOST'"*) ;;
      *) exit 1 ;;
      esac
      case "$1" in
      Username*) printf '%s\\n' "$MAINSTAY_GIT_USER" ;;
      Password*) printf '%s\\n' "$MAINSTAY_GIT_PASSWORD" ;;
      *) exit 1 ;;
      esac
      """;

  static Layout create(Path root) {
    try {
      Layout layout = new Layout(root);
      Files.createDirectories(root);
      for (Path directory : Set.of(layout.mirrors(), layout.home(), layout.trash())) {
        Files.createDirectories(directory);
        Files.setPosixFilePermissions(directory, OWNER_ONLY);
      }
      Files.createDirectories(layout.runs());
      Files.setPosixFilePermissions(layout.runs(), PASSABLE);
      Path script = Files.createTempFile(root, "askpass", ".tmp");
      Files.writeString(script, ASKPASS, StandardCharsets.US_ASCII);
      Files.setPosixFilePermissions(script, OWNER_ONLY);
      Files.move(script, layout.askpass(), StandardCopyOption.ATOMIC_MOVE);
      return layout;
    } catch (IOException e) {
      throw new UncheckedIOException("The directory for workspaces cannot be used: " + root, e);
    }
  }

  Path mirrors() {
    return root.resolve("mirrors");
  }

  Path runs() {
    return root.resolve("runs");
  }

  Path trash() {
    return root.resolve("trash");
  }

  Path home() {
    return root.resolve("home");
  }

  Path askpass() {
    return root.resolve("askpass");
  }

  Path mirror(String key) {
    return mirrors().resolve(key + ".git");
  }

  Path mirrorLock(String key) {
    return mirrors().resolve(key + ".lock");
  }

  Path mirrorUseLock(String key) {
    return mirrors().resolve(key + ".use");
  }

  Path run(String runId) {
    if (!RUN_ID.matcher(runId).matches()) {
      throw new IllegalArgumentException("a run's id must match " + RUN_ID);
    }
    return runs().resolve(runId);
  }

  /** May be passed through, but not looked into, by others. */
  Path makeRun(String runId) throws IOException {
    Path run = run(runId);
    Files.createDirectories(run);
    Files.setPosixFilePermissions(run, PASSABLE);
    return run;
  }

  Path tree(String runId) {
    return run(runId).resolve("tree");
  }

  Path index(String runId) {
    return run(runId).resolve("index");
  }

  Path ready(String runId) {
    return run(runId).resolve("ready");
  }

  Path runLock(String runId) {
    return runs().resolve(run(runId).getFileName() + ".lock");
  }
}
