package dev.mainstay.server.cli;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.Mainstay;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.Settings;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows one agent task from its prompt to the pushed commit, on a repository of its own. */
@Command(
    name = "demo",
    description = "Run one agent task on a sample repository and show it live",
    mixinStandardHelpOptions = true)
final class DemoCommand implements Callable<Integer> {
  private static final String PROMPT =
      "The test in test.sh fails. Find out why, fix the cause, and mention the test in the README.";

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port to listen on; a free one if absent")
  private @Nullable String port;

  @Option(
      names = "--stay",
      description = "Keep the server running at the end, also without a terminal")
  private boolean stay;

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path directory = Files.createTempDirectory("mainstay-demo");
    try {
      return run(directory);
    } finally {
      delete(directory);
    }
  }

  private int run(Path directory) throws IOException, InterruptedException {
    SampleRepository sample = SampleRepository.create(directory.resolve("sample.git"));
    Settings settings = settings(directory);
    boolean real = settings.text(Setting.ANTHROPIC_API_KEY).isPresent();
    say("Mainstay demo");
    say(
        real
            ? "Model: " + settings.text(Setting.MODEL).orElse("") + " (ANTHROPIC_API_KEY is set)"
            : "Model: the built-in scripted model plays a written scenario; set ANTHROPIC_API_KEY for a real one");
    say("Repository: " + sample.path());
    try (Mainstay server = Mainstay.start(settings)) {
      ApiClient client =
          new ApiClient(server.url(), server.identity().createOwnerKey("demo", List.of()).key());
      String task = client.createTask(sample.url(), PROMPT);
      String link =
          server.url()
              + "/sign-in#token="
              + server.identity().createSignInLink()
              + "&to=/tasks/"
              + task;
      say("Watch it in the browser: " + link);
      say("");
      say("Task: " + PROMPT);
      DemoPrinter printer = new DemoPrinter(System.out);
      client.follow(task, printer::print);
      JsonNode finished = Json.read(client.get("/api/tasks/" + task));
      if (!finished.path("status").asText().equals("succeeded")) {
        throw new CommandFailedException(
            "the task ended as "
                + finished.path("status").asText()
                + ": "
                + finished.path("error").path("message").asText());
      }
      say("");
      say(
          "Pushed "
              + finished.path("result").path("commit").asText()
              + " to "
              + finished.path("result").path("branch").asText()
              + ":");
      say("");
      say(client.get("/api/tasks/" + task + "/diff"));
      say("The finished task: " + server.url() + "/tasks/" + task);
      say(
          "Sign in there, once: "
              + server.url()
              + "/sign-in#token="
              + server.identity().createSignInLink()
              + "&to=/tasks/"
              + task);
      waitForOperator();
    }
    return 0;
  }

  private Settings settings(Path directory) {
    Map<String, String> overrides = new HashMap<>();
    overrides.put(Setting.DATA.variable(), directory.resolve("data").toString());
    overrides.put(Setting.PORT.variable(), port == null ? "0" : port);
    overrides.put(Setting.LOCAL_REPOS.variable(), directory.toString());
    if (Settings.of(Map.of()).text(Setting.ANTHROPIC_API_KEY).isEmpty()) {
      overrides.put(Setting.MODEL.variable(), "scripted");
    }
    return Settings.embedded(overrides);
  }

  /** With a terminal the server stays, so that the link can be opened. */
  private void waitForOperator() throws InterruptedException {
    if (stay || Optional.ofNullable(System.console()).map(Console::isTerminal).orElse(false)) {
      say("The server keeps running. Press Ctrl-C to stop it; its data is deleted then.");
      CountDownLatch stop = new CountDownLatch(1);
      Thread main = Thread.currentThread();
      Runtime.getRuntime()
          .addShutdownHook(
              new Thread(
                  () -> {
                    stop.countDown();
                    try {
                      main.join(20_000);
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
      stop.await();
    }
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static void say(String text) {
    System.out.println(text);
  }
}
