package dev.mainstay.server.cli;

import dev.mainstay.server.Mainstay;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.Settings;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Starts, does what a start and a task load, and ends: the JVM records it for its AOT cache. */
@Command(name = "train", hidden = true, description = "Record an AOT cache")
final class TrainCommand implements Callable<Integer> {

  @Parameters(paramLabel = "DIR")
  private Path directory = Path.of("");

  @Override
  public Integer call() throws Exception {
    SampleRepository sample = SampleRepository.create(directory.resolve("sample.git"));
    Settings settings =
        Settings.embedded(
            Map.of(
                Setting.DATA.variable(),
                directory.resolve("data").toString(),
                Setting.PORT.variable(),
                "0",
                Setting.MODEL.variable(),
                "scripted",
                Setting.LOCAL_REPOS.variable(),
                directory.toAbsolutePath().toString()));
    try (Mainstay server = Mainstay.start(settings)) {
      String key = server.identity().createOwnerKey("train", java.util.List.of()).key();
      ApiClient client = new ApiClient(server.url(), key);
      String task = client.createTask(sample.url(), "Fix the greeting");
      client.follow(task, event -> {});
      client.get("/api/tasks");
    }
    return 0;
  }
}
