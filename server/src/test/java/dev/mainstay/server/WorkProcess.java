package dev.mainstay.server;

import dev.mainstay.server.cli.Main;
import dev.mainstay.server.platform.TestDatabases;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** {@code ./mainstay queue work} as a process of its own, on a server's data directory. */
final class WorkProcess {
  private WorkProcess() {}

  /**
   * @param directory holds {@code data}, and gets {@code worker.log}
   * @param environment beside what names the test's database
   * @param command what runs for each job, in a shell
   */
  static Process start(
      Path directory, Map<String, String> environment, String queue, String command)
      throws IOException {
    List<String> all = new ArrayList<>();
    all.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    all.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", "-cp"));
    all.add(
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
            .filter(entry -> !entry.endsWith("test-classes") && !entry.endsWith("-tests.jar"))
            .collect(Collectors.joining(File.pathSeparator)));
    all.addAll(List.of(Main.class.getName(), "queue", "work", queue, "--exec", command));
    Path data = directory.resolve("data");
    all.addAll(List.of("--data-dir", data.toString()));
    ProcessBuilder builder =
        new ProcessBuilder(all)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("worker.log").toFile());
    builder.environment().putAll(TestDatabases.settings(data));
    builder.environment().putAll(environment);
    return builder.start();
  }
}
