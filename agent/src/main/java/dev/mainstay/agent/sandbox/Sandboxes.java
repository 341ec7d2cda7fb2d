package dev.mainstay.agent.sandbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sandbox of one server: probed once at start, source of every task's shell.
 *
 * <p>Every session dies with the server, however that ends: bwrap is told to die with the thread
 * that started it, which lives until {@link #close}.
 */
public final class Sandboxes implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Sandboxes.class);
  private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(20);

  private final SandboxMode mode;
  private final SandboxLimits limits;
  private final Path runtimeDirectory;
  private final RuntimeFiles files;
  private final Cgroups cgroups;
  private final Spawner spawner = new Spawner();
  private final Set<ShellSession> sessions = ConcurrentHashMap.newKeySet();
  private final SandboxStatus status;

  private Sandboxes(SandboxMode mode, SandboxLimits limits, Path runtimeDirectory)
      throws IOException, InterruptedException {
    this.mode = mode;
    this.limits = limits;
    this.runtimeDirectory = runtimeDirectory;
    this.cgroups = Cgroups.detect();
    this.files = RuntimeFiles.create(runtimeDirectory);
    this.status = probe();
  }

  /**
   * Probes this machine by really running a command.
   *
   * @param runtimeDirectory absolute; for a few small files, on a file system that allows programs
   *     to run; created if missing
   * @throws UncheckedIOException if the directory cannot be written
   */
  public static Sandboxes open(SandboxMode mode, SandboxLimits limits, Path runtimeDirectory)
      throws InterruptedException {
    try {
      return new Sandboxes(mode, limits, runtimeDirectory);
    } catch (IOException e) {
      throw new UncheckedIOException("the sandbox's directory cannot be written", e);
    }
  }

  public SandboxStatus status() {
    return status;
  }

  /**
   * Starts a task's shell; it is ready to use at once. The workspace must belong to {@code
   * spec.hostUid()}, see {@link HostUser#own}.
   *
   * @throws SandboxUnavailableException if {@link #status} says that there is no shell
   */
  public ShellSession openShell(ShellSpec spec) throws InterruptedException {
    if (!status.shellAvailable()) {
      throw new SandboxUnavailableException(status.detail());
    }
    try {
      return start(spec);
    } catch (IOException e) {
      throw new UncheckedIOException("the shell cannot start", e);
    }
  }

  /**
   * Kills and removes what servers on this machine that no longer run have left: processes, control
   * groups, runtime files. Spares what belongs to a running one. Meant for the start.
   *
   * @return how many processes and groups there were
   */
  public int reap() {
    int reaped = cgroups.reap() + Orphans.kill();
    try {
      RuntimeFiles.reap(runtimeDirectory);
    } catch (IOException e) {
      LOG.warn("Left-over sandbox files cannot be removed: {}", e.getMessage());
    }
    if (reaped > 0) {
      LOG.info("Killed {} left-over sandbox processes or groups", reaped);
    }
    return reaped;
  }

  /** Ends every session. Idempotent. */
  @Override
  public void close() {
    List.copyOf(sessions).forEach(ShellSession::close);
    spawner.close();
    try {
      if (Files.exists(files.directory())) {
        files.close();
      }
    } catch (IOException e) {
      LOG.warn("Sandbox files cannot be removed: {}", e.getMessage());
    }
  }

  private SandboxStatus probe() throws IOException, InterruptedException {
    Limiter limiter = cgroups.limiter();
    if (mode == SandboxMode.OFF) {
      return new SandboxStatus(
          true,
          false,
          limiter,
          "Commands run without a sandbox, as the server's own user, because the sandbox is set to"
              + " 'off'.");
    }
    Optional<String> missing = SandboxProbe.missing(HostUser.serverIsRoot());
    if (missing.isPresent()) {
      return new SandboxStatus(false, false, limiter, missing.get());
    }
    Path workspace = files.privateDirectory();
    HostUser.own(workspace, HostUser.FIRST);
    String failure;
    try (ShellSession session = start(ShellSpec.of(workspace, HostUser.FIRST))) {
      CommandResult result = session.run("echo sandboxed", PROBE_TIMEOUT, chunk -> {});
      if (result.output().equals("sandboxed\n")) {
        return new SandboxStatus(
            true, true, limiter, "Commands run in bubblewrap without network; " + words(limiter));
      }
      failure = result.output();
    } catch (IOException e) {
      failure = String.valueOf(e.getMessage());
    } finally {
      RuntimeFiles.delete(workspace);
    }
    return new SandboxStatus(false, false, limiter, SandboxProbe.explain(failure));
  }

  private static String words(Limiter limiter) {
    return switch (limiter) {
      case CGROUP_V2 -> "a cgroup (version 2) limits each session.";
      case CGROUP_V1 -> "a cgroup (version 1) limits each session.";
      case PRLIMIT -> "resource limits bound each process, as no cgroup is writable.";
    };
  }

  private ShellSession start(ShellSpec spec) throws IOException, InterruptedException {
    boolean isolated = mode == SandboxMode.AUTO;
    ShellSession.Launcher launcher = () -> launch(spec, isolated);
    ShellSession session =
        new ShellSession(
            launcher.launch(),
            launcher,
            isolated ? Bubblewrap.WORKSPACE : spec.workspace().toString(),
            sessions::remove);
    sessions.add(session);
    return session;
  }

  private ShellProcess launch(ShellSpec spec, boolean isolated)
      throws IOException, InterruptedException {
    Optional<Cgroup> cgroup = cgroups.create(limits);
    boolean started = false;
    try {
      List<String> command =
          new ArrayList<>(ShellScript.enter(cgroup.map(Cgroup::directories).orElse(List.of())));
      Map<String, String> environment = new TreeMap<>();
      environment.put("PATH", Host.PATH);
      environment.put(ShellEnvironment.OWNER, ServerProcess.SELF);
      if (isolated) {
        command.addAll(Bubblewrap.command(spec, limits, files, cgroups.limiter()));
      } else {
        unsandboxed(command, environment, spec);
      }
      ProcessBuilder builder = new ProcessBuilder(command);
      builder.environment().clear();
      builder.environment().putAll(environment);
      builder.directory(isolated ? Path.of("/").toFile() : spec.workspace().toFile());
      ShellProcess shell =
          new ShellProcess(spawner.start(builder), cgroup, isolated, limits, spec.workspace());
      started = true;
      return shell;
    } finally {
      if (!started) {
        cgroup.ifPresent(Cgroup::remove);
      }
    }
  }

  private void unsandboxed(List<String> command, Map<String, String> environment, ShellSpec spec)
      throws IOException {
    Path home = files.privateDirectory();
    environment.putAll(ShellEnvironment.BASE);
    environment.put("HOME", home.toString());
    environment.putAll(spec.environment());
    long memory = cgroups.limiter() == Limiter.PRLIMIT ? limits.memoryBytes() : 0;
    long processes = limits.processes() + ShellScript.threadsNow();
    command.add(Host.program("setsid"));
    command.addAll(
        ShellScript.driver(
            "/bin/bash", home.resolve(".shell-state").toString(), limits, memory, processes));
  }
}
