package dev.mainstay.agent.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.sandbox.CommandResult.Ending;
import dev.mainstay.agent.tool.BuiltInTools;
import dev.mainstay.agent.tool.Tool;
import dev.mainstay.agent.tool.WorkspaceFiles;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** A process of its own that holds a session, or checks the sandbox as another user. */
final class ChildServer {
  private static final String ORDINARY = "2001";

  private ChildServer() {}

  /** Arguments that make the child an ordinary user, if this process may choose. */
  static List<String> asOrdinaryUser() {
    return HostUser.serverIsRoot()
        ? List.of("setpriv", "--reuid", ORDINARY, "--regid", ORDINARY, "--clear-groups")
        : List.of();
  }

  static Process start(Path directory, List<String> prefix, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>(prefix);
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xshare:auto", "-cp"));
    command.add(prefix.isEmpty() ? classPath() : readableClassPath(directory));
    command.addAll(List.of(ChildServer.class.getName(), directory.toString()));
    command.addAll(List.of(arguments));
    return new ProcessBuilder(command).redirectErrorStream(true).start();
  }

  public static void main(String[] arguments) throws Exception {
    Path directory = Path.of(arguments[0]);
    if (arguments[1].equals("checks")) {
      checks(directory.resolve("ordinary"));
      System.out.println("checks passed");
      return;
    }
    TestSandbox sandbox =
        new TestSandbox(directory, SandboxMode.valueOf(arguments[2]), TestSandbox.limits());
    String sleep = "sleep " + arguments[3];
    sandbox.output("(setsid " + sleep + " &) ; " + sleep + " >/dev/null 2>&1 & :");
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                sandbox.run("echo; " + sleep);
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    while (ShellSessionTest.hostProcesses(arguments[3]) < 3) {
      Thread.onSpinWait();
    }
    System.out.println("ready");
    new CountDownLatch(1).await();
  }

  private static void checks(Path directory) throws Exception {
    assertThat(ServerProcess.USER_ID).isNotZero();
    try (TestSandbox sandbox = new TestSandbox(directory)) {
      assertThat(sandbox.output("id -u; pwd")).isEqualTo("1000\n/workspace\n");
      assertThat(sandbox.output("grep CapEff /proc/self/status")).endsWith("0000000000000000\n");
      assertThat(sandbox.run("unshare --user true").exitCode()).isNotZero();
      assertThat(
              sandbox.output("cat /proc/1/environ /proc/1/fd/0; echo 0 > /proc/1/fd/9; echo end"))
          .contains("Permission denied")
          .endsWith("end\n");
      assertThat(sandbox.run("exec 3<>/dev/tcp/127.0.0.1/22").exitCode()).isNotZero();
      assertThat(sandbox.output("cp /bin/true evil; chmod 4755 evil; stat -c %u evil"))
          .isEqualTo("1000\n");
      assertThat(Files.getAttribute(sandbox.workspace.resolve("evil"), "unix:uid"))
          .isEqualTo(ServerProcess.USER_ID);
      sandbox.output("(for i in $(seq 300); do sleep 40004 & done) >/dev/null 2>&1 &");
      Awaitility.await().until(() -> ShellSessionTest.hostProcesses("40004") > 40);
      assertThat(ShellSessionTest.hostProcesses("40004")).isLessThanOrEqualTo(64);
      CommandResult killed =
          sandbox.shell.run("while :; do :; done", Duration.ofMillis(200), chunk -> {});
      assertThat(killed.ending()).isEqualTo(Ending.TIMED_OUT);
      assertThat(ShellSessionTest.hostProcesses("40004")).isZero();
      assertThat(sandbox.run("head -c 2G /dev/zero | tail -c 1G | wc -c").output())
          .doesNotContain("1073741824");
      tools(sandbox);
    }
  }

  private static void tools(TestSandbox sandbox) throws InterruptedException {
    sandbox.output("ln -s /etc/passwd link; mkfifo pipe");
    try (WorkspaceFiles files = WorkspaceFiles.open(sandbox.workspace, sandbox.uid)) {
      Tool read = tool(files, "read");
      ObjectNode input = new ObjectMapper().createObjectNode();
      assertThat(read.run(input.put("file_path", "link"), chunk -> {}).isError()).isTrue();
      assertThat(read.run(input.put("file_path", "pipe"), chunk -> {}).isError()).isTrue();
      Tool write = tool(files, "write");
      input.put("file_path", "/workspace/a/b").put("content", "text\n");
      assertThat(write.run(input, chunk -> {}).isError()).isFalse();
      assertThat(sandbox.output("cat a/b && echo more >> a/b")).isEqualTo("text\n");
    }
  }

  private static Tool tool(WorkspaceFiles files, String name) {
    return BuiltInTools.create(files, Optional.empty()).stream()
        .filter(tool -> tool.spec().name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  /** Copies, as another user may not reach where these classes lie. */
  private static String readableClassPath(Path directory) throws IOException {
    open(directory);
    Path copies = Files.createDirectories(directory.resolve("classes"));
    Path own = Files.createDirectories(directory.resolve("ordinary"));
    own.toFile().setWritable(true, false);
    List<String> entries = new ArrayList<>();
    for (String entry : classPath().split(File.pathSeparator, -1)) {
      Path source = Path.of(entry);
      if (Files.exists(source)) {
        Path target = copies.resolve(entries.size() + "-" + source.getFileName());
        copy(source, target);
        entries.add(target.toString());
      }
    }
    try (Stream<Path> all = Files.walk(copies)) {
      all.forEach(ChildServer::open);
    }
    return entries.stream().collect(Collectors.joining(File.pathSeparator));
  }

  private static void copy(Path source, Path target) throws IOException {
    try (Stream<Path> paths = Files.walk(source)) {
      for (Path path : paths.toList()) {
        Files.copy(path, target.resolve(source.relativize(path).toString()));
      }
    }
  }

  private static void open(Path path) {
    try {
      Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
