package dev.mainstay.server.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A small repository with a bug, for the demonstration. */
record SampleRepository(Path path) {
  private static final Map<String, String> FILES =
      Map.of(
          "README.md",
          """
          # Greeter

          `greet.sh NAME` says hello. `test.sh` checks that it does.
          """,
          "greet.sh",
          """
          #!/usr/bin/env bash
          echo "Helo, $1!"
          """,
          "test.sh",
          """
          #!/usr/bin/env bash
          # Says what is wrong and fails, or says that all is well.
          expected="Hello, world!"
          actual="$(bash "$(dirname "$0")/greet.sh" world)"
          if [ "$actual" != "$expected" ]; then
            echo "FAIL: expected '$expected', got '$actual'"
            exit 1
          fi
          echo "PASS"
          """);

  static SampleRepository create(Path bare) throws IOException, InterruptedException {
    Path work = Files.createTempDirectory("mainstay-sample");
    try {
      for (Map.Entry<String, String> file : FILES.entrySet()) {
        Files.writeString(work.resolve(file.getKey()), file.getValue());
      }
      git(work, "init", "--quiet", "--initial-branch=main");
      git(work, "add", "--all");
      git(
          work,
          "-c",
          "user.name=Mainstay",
          "-c",
          "user.email=mainstay@localhost",
          "-c",
          "commit.gpgsign=false",
          "commit",
          "--quiet",
          "--message=Say hello");
      git(work, "clone", "--quiet", "--bare", work.toString(), bare.toString());
      return new SampleRepository(bare);
    } finally {
      try (var files = Files.walk(work)) {
        for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  String url() {
    return path.toUri().toString();
  }

  private static void git(Path directory, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new CommandFailedException("git " + String.join(" ", arguments) + ": " + output);
    }
  }
}
