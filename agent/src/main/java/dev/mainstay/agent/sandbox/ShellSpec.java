package dev.mainstay.agent.sandbox;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What one task's shell sees.
 *
 * @param workspace absolute directory that appears as {@code /workspace}, writable
 * @param hostUid numeric user that a root server runs the sandbox as, see {@link HostUser}; a
 *     server that is not root ignores it
 * @param environment added to the small fixed environment; not for secrets, as every command and
 *     the host's process list show it
 * @param readOnly absolute host paths that appear at the same place, not writable
 */
public record ShellSpec(
    Path workspace, int hostUid, Map<String, String> environment, List<Path> readOnly) {

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  public ShellSpec {
    environment = Map.copyOf(environment);
    readOnly = List.copyOf(readOnly);
    if (!workspace.isAbsolute() || readOnly.stream().anyMatch(path -> !path.isAbsolute())) {
      throw new IllegalArgumentException("sandbox paths must be absolute");
    }
    if (hostUid <= 0) {
      throw new IllegalArgumentException("the sandbox user must not be root");
    }
    environment.forEach(
        (name, value) -> {
          if (!NAME.matcher(name).matches() || value.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("not an environment variable: " + name);
          }
        });
  }

  /** A shell on a workspace with nothing added. */
  public static ShellSpec of(Path workspace, int hostUid) {
    return new ShellSpec(workspace, hostUid, Map.of(), List.of());
  }
}
