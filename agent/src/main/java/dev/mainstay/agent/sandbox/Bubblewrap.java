package dev.mainstay.agent.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The command line of a sandbox.
 *
 * <p>A server that is not root needs one bwrap. Under root the sandbox runs as an unprivileged host
 * user, who may not be able to reach a workspace below, say, {@code /root}; so a first bwrap, still
 * root, binds what is needed to {@code /mnt}, setpriv becomes the user, and the second bwrap builds
 * the sandbox from there.
 */
final class Bubblewrap {
  static final String WORKSPACE = "/workspace";
  static final String STATE = "/run/shell/state";

  private static final String DRIVER = "/run/driver";
  private static final String HOME = "/home/agent";
  private static final String STAGE = "/mnt";
  private static final long SMALL = 4L * 1024 * 1024;

  /** Certificates, alternatives and the linker's cache: what programs need and hosts share. */
  private static final List<String> SHARED_ETC =
      List.of(
          "/etc/alternatives",
          "/etc/ca-certificates",
          "/etc/ca-certificates.conf",
          "/etc/ld.so.cache",
          "/etc/ld.so.conf",
          "/etc/ld.so.conf.d",
          "/etc/localtime",
          "/etc/mime.types",
          "/etc/pki/tls/certs",
          "/etc/pki/ca-trust",
          "/etc/ssl/certs",
          "/etc/ssl/openssl.cnf");

  private Bubblewrap() {}

  static List<String> command(
      ShellSpec spec, SandboxLimits limits, RuntimeFiles files, Limiter limiter) {
    List<String> command = new ArrayList<>();
    Map<Path, Path> sources = new TreeMap<>();
    sources.put(spec.workspace(), spec.workspace());
    sources.put(files.directory(), files.directory());
    spec.readOnly().forEach(path -> sources.put(path, path));
    if (HostUser.serverIsRoot()) {
      stage(command, spec, sources);
    }
    command.addAll(List.of(Host.program("bwrap"), "--die-with-parent", "--new-session"));
    // The driver is process 1: nothing inside can kill or stop it, and it reaps what daemonises.
    command.addAll(List.of("--unshare-all", "--unshare-user", "--as-pid-1"));
    command.addAll(List.of("--uid", "1000", "--gid", "1000", "--disable-userns"));
    command.addAll(List.of("--cap-drop", "ALL", "--hostname", "sandbox"));
    environment(command, spec);
    systemDirectories(command);
    Path etc = source(sources, files.directory()).resolve("etc");
    for (String name : List.of("passwd", "group", "hosts", "nsswitch.conf")) {
      bind(command, "--ro-bind", etc.resolve(name).toString(), "/etc/" + name);
    }
    for (String path : SHARED_ETC) {
      bind(command, "--ro-bind-try", path, path);
    }
    command.addAll(List.of("--proc", "/proc", "--dev", "/dev"));
    memoryDirectory(command, limits.temporaryBytes(), "/dev/shm");
    memoryDirectory(command, limits.temporaryBytes(), "/tmp");
    memoryDirectory(command, limits.temporaryBytes(), HOME);
    memoryDirectory(command, SMALL, "/run/shell");
    bind(command, "--ro-bind", source(sources, files.directory()) + "/driver", DRIVER);
    for (Path path : spec.readOnly()) {
      bind(command, "--ro-bind", source(sources, path).toString(), path.toString());
    }
    bind(command, "--bind", source(sources, spec.workspace()).toString(), WORKSPACE);
    command.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/", "--chdir", WORKSPACE));
    command.add("--");
    long memory = limiter == Limiter.PRLIMIT ? limits.memoryBytes() : 0;
    command.addAll(ShellScript.driver(DRIVER, STATE, limits, memory, limits.processes()));
    return command;
  }

  private static void stage(List<String> command, ShellSpec spec, Map<Path, Path> sources) {
    command.addAll(List.of(Host.program("bwrap"), "--die-with-parent"));
    // setpriv's change of user clears the parent-death signal; this namespace ends with its init.
    command.addAll(List.of("--unshare-pid", "--dev-bind", "/", "/", "--tmpfs", STAGE));
    int number = 0;
    for (Map.Entry<Path, Path> source : sources.entrySet()) {
      Path staged = Path.of(STAGE, Integer.toString(number++));
      boolean writable = source.getKey().equals(spec.workspace());
      bind(
          command,
          writable ? "--bind" : "--ro-bind",
          source.getKey().toString(),
          staged.toString());
      source.setValue(staged);
    }
    String uid = Integer.toString(spec.hostUid());
    command.addAll(List.of("--chdir", "/", "--", Host.program("setpriv"), "--reuid", uid));
    command.addAll(List.of("--regid", uid, "--clear-groups", "--"));
  }

  private static void environment(List<String> command, ShellSpec spec) {
    command.add("--clearenv");
    Map<String, String> environment = new TreeMap<>(ShellEnvironment.BASE);
    environment.put("HOME", HOME);
    environment.putAll(spec.environment());
    environment.forEach((name, value) -> command.addAll(List.of("--setenv", name, value)));
  }

  private static void systemDirectories(List<String> command) {
    bind(command, "--ro-bind", "/usr", "/usr");
    for (String name : List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32")) {
      Path path = Path.of("/", name);
      if (Files.isSymbolicLink(path)) {
        bind(command, "--symlink", "usr/" + name, path.toString());
      } else if (Files.isDirectory(path)) {
        bind(command, "--ro-bind", path.toString(), path.toString());
      }
    }
  }

  private static void memoryDirectory(List<String> command, long bytes, String path) {
    command.addAll(List.of("--size", Long.toString(bytes), "--tmpfs", path));
  }

  private static void bind(List<String> command, String option, String from, String to) {
    command.addAll(List.of(option, from, to));
  }

  private static Path source(Map<Path, Path> sources, Path path) {
    return sources.getOrDefault(path, path);
  }
}
