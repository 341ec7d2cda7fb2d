package dev.mainstay.agent.sandbox;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds where this process may make control groups, and makes one per session there.
 *
 * <p>Version 2 needs the memory and pids controllers in a subtree that we may write (systemd:
 * {@code Delegate=yes}; root: the hierarchy's root). Version 1 needs both hierarchies writable. See
 * cgroups(7) and the kernel's cgroup-v2 document, "no internal processes".
 */
final class Cgroups {
  private static final Logger LOG = LoggerFactory.getLogger(Cgroups.class);
  private static final String PARENT = "mainstay";
  private static final String SERVER_LEAF = "mainstay-server";

  /**
   * The resource limit stops a command first; the shell, which it does not bind, can still start
   * the next one.
   */
  private static final int HEADROOM = 16;

  /** Of the whole process, as all its instances share the parents. */
  private static final AtomicLong SEQUENCE = new AtomicLong();

  private final Limiter limiter;
  private final List<Path> parents;

  private Cgroups(Limiter limiter, List<Path> parents) {
    this.limiter = limiter;
    this.parents = parents;
  }

  static Cgroups detect() {
    try {
      return detect(
          Files.readAllLines(Path.of("/proc/self/mountinfo")),
          Files.readAllLines(Path.of("/proc/self/cgroup")));
    } catch (IOException e) {
      return new Cgroups(Limiter.PRLIMIT, List.of());
    }
  }

  /**
   * @param mounts lines of /proc/self/mountinfo
   * @param membership lines of /proc/self/cgroup
   */
  static Cgroups detect(List<String> mounts, List<String> membership) {
    for (Path candidate : candidates(mount(mounts, "cgroup2", ""), own(membership, ""))) {
      Cgroups cgroups = new Cgroups(Limiter.CGROUP_V2, List.of(candidate.resolve(PARENT)));
      if (delegate(candidate) && cgroups.works()) {
        return cgroups;
      }
    }
    for (Path memory : candidates(mount(mounts, "cgroup", "memory"), own(membership, "memory"))) {
      for (Path pids : candidates(mount(mounts, "cgroup", "pids"), own(membership, "pids"))) {
        Cgroups cgroups =
            new Cgroups(Limiter.CGROUP_V1, List.of(memory.resolve(PARENT), pids.resolve(PARENT)));
        if (cgroups.works()) {
          return cgroups;
        }
      }
    }
    return new Cgroups(Limiter.PRLIMIT, List.of());
  }

  Limiter limiter() {
    return limiter;
  }

  /** A new group with the limits set, or nothing where only resource limits are in force. */
  Optional<Cgroup> create(SandboxLimits limits) throws IOException {
    if (limiter == Limiter.PRLIMIT) {
      return Optional.empty();
    }
    String name = ServerProcess.SELF + "-" + SEQUENCE.incrementAndGet();
    List<Path> directories = parents.stream().map(parent -> parent.resolve(name)).toList();
    Cgroup cgroup = new Cgroup(directories);
    try {
      for (Path directory : directories) {
        Files.createDirectory(directory);
      }
      if (limiter == Limiter.CGROUP_V2) {
        Path directory = directories.getFirst();
        write(directory.resolve("memory.max"), limits.memoryBytes());
        write(directory.resolve("pids.max"), limits.processes() + HEADROOM);
        optional(directory.resolve("memory.swap.max"), 0);
        optional(directory.resolve("memory.oom.group"), 0);
      } else {
        write(directories.getFirst().resolve("memory.limit_in_bytes"), limits.memoryBytes());
        optional(
            directories.getFirst().resolve("memory.memsw.limit_in_bytes"), limits.memoryBytes());
        write(directories.getLast().resolve("pids.max"), limits.processes() + HEADROOM);
      }
      return Optional.of(cgroup);
    } catch (IOException e) {
      cgroup.remove();
      throw e;
    }
  }

  /** Kills and removes the groups of servers that no longer run; returns how many there were. */
  int reap() {
    int reaped = 0;
    for (Path parent : parents) {
      try (DirectoryStream<Path> groups = Files.newDirectoryStream(parent, Files::isDirectory)) {
        for (Path group : groups) {
          String name = String.valueOf(group.getFileName());
          int dash = name.indexOf('-');
          if (dash > 0 && !ServerProcess.isAlive(name.substring(0, dash))) {
            Cgroup orphan = new Cgroup(List.of(group));
            orphan.kill();
            reaped += orphan.remove() ? 1 : 0;
          }
        }
      } catch (IOException e) {
        LOG.warn("Left-over control groups in {} cannot be listed: {}", parent, e.getMessage());
      }
    }
    return reaped;
  }

  private boolean works() {
    try {
      for (Path parent : parents) {
        Files.createDirectories(parent);
        if (limiter == Limiter.CGROUP_V2) {
          Files.writeString(parent.resolve("cgroup.subtree_control"), "+memory +pids");
        }
      }
      return create(SandboxLimits.defaults()).map(Cgroup::remove).orElse(false);
    } catch (IOException notWritable) {
      return false;
    }
  }

  private static boolean delegate(Path candidate) {
    try {
      List<String> controllers =
          Arrays.asList(
              Files.readString(candidate.resolve("cgroup.controllers")).trim().split(" ", -1));
      if (!controllers.contains("memory") || !controllers.contains("pids")) {
        return false;
      }
      Path control = candidate.resolve("cgroup.subtree_control");
      try {
        Files.writeString(control, "+memory +pids");
      } catch (IOException busy) {
        // A group with processes of its own may not have controlled children: move ourselves down.
        Path leaf = Files.createDirectories(candidate.resolve(SERVER_LEAF));
        for (String pid : Files.readAllLines(candidate.resolve("cgroup.procs"))) {
          Files.writeString(leaf.resolve("cgroup.procs"), pid);
        }
        Files.writeString(control, "+memory +pids");
      }
      return true;
    } catch (IOException notDelegated) {
      return false;
    }
  }

  /** The hierarchy's root, which only root may write, then our own place in it. */
  private static List<Path> candidates(Optional<Path> mount, Optional<String> own) {
    List<Path> candidates = new ArrayList<>();
    mount.ifPresent(
        path -> {
          candidates.add(path);
          own.filter(inside -> !inside.equals("/"))
              .map(inside -> path.resolve(inside.substring(1)))
              .filter(Files::isDirectory)
              .ifPresent(candidates::add);
        });
    return candidates;
  }

  private static Optional<Path> mount(List<String> mounts, String type, String controller) {
    for (String line : mounts) {
      String[] halves = line.split(" - ", 2);
      if (halves.length == 2) {
        String[] left = halves[0].split(" ", -1);
        String[] right = halves[1].split(" ", -1);
        if (left.length > 4
            && right.length > 2
            && right[0].equals(type)
            && (controller.isEmpty()
                || Arrays.asList(right[2].split(",", -1)).contains(controller))) {
          return Optional.of(Path.of(left[4]));
        }
      }
    }
    return Optional.empty();
  }

  private static Optional<String> own(List<String> membership, String controller) {
    for (String line : membership) {
      String[] parts = line.split(":", 3);
      if (parts.length == 3 && Arrays.asList(parts[1].split(",", -1)).contains(controller)) {
        return Optional.of(parts[2]);
      }
    }
    return Optional.empty();
  }

  private static void write(Path file, long value) throws IOException {
    Files.writeString(file, Long.toString(value));
  }

  /** Kernels without swap accounting lack some files. */
  private static void optional(Path file, long value) {
    try {
      write(file, value);
    } catch (IOException absent) {
      LOG.debug("{} is not settable", file);
    }
  }
}
