package dev.mainstay.server;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A bare repository with one commit on {@code main}, and what tests ask of it. */
final class TestRepository {
  private final Path bare;
  private final String base;

  private TestRepository(Path bare) throws IOException, InterruptedException {
    this.bare = bare;
    this.base = git("rev-parse", "main");
  }

  /** Makes {@code directory/name.git} with these files. */
  static TestRepository create(Path directory, String name, Map<String, String> files)
      throws IOException, InterruptedException {
    Path work = Files.createTempDirectory(directory, "work");
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path path = work.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }
    run(work, "init", "--quiet", "--initial-branch=main");
    run(work, "add", "--all");
    run(
        work,
        "-c",
        "user.name=Test",
        "-c",
        "user.email=test@localhost",
        "-c",
        "commit.gpgsign=false",
        "commit",
        "--quiet",
        "--message=Begin");
    Path bare = directory.resolve(name + ".git");
    run(work, "clone", "--quiet", "--bare", work.toString(), bare.toString());
    return new TestRepository(bare);
  }

  Path path() {
    return bare;
  }

  String url() {
    return bare.toString();
  }

  /** The commit that {@code main} had at first. */
  String base() {
    return base;
  }

  List<String> branches() throws IOException, InterruptedException {
    return git("for-each-ref", "--format=%(refname:short)", "refs/heads").lines().toList();
  }

  String commit(String branch) throws IOException, InterruptedException {
    return git("rev-parse", "--verify", "refs/heads/" + branch);
  }

  /** The commits of a branch that the base does not have, newest first. */
  List<String> commitsOnTop(String branch) throws IOException, InterruptedException {
    return git("rev-list", base + "..refs/heads/" + branch).lines().toList();
  }

  String message(String commit) throws IOException, InterruptedException {
    return git("log", "-1", "--format=%B", commit);
  }

  String parent(String commit) throws IOException, InterruptedException {
    return git("rev-parse", commit + "^");
  }

  String file(String branch, String path) throws IOException, InterruptedException {
    return git("show", "refs/heads/" + branch + ":" + path);
  }

  List<String> files(String branch) throws IOException, InterruptedException {
    return git("ls-tree", "-r", "--name-only", "refs/heads/" + branch).lines().toList();
  }

  private String git(String... arguments) throws IOException, InterruptedException {
    return run(bare, arguments);
  }

  private static String run(Path directory, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(directory.toFile()).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("git " + String.join(" ", arguments) + ": " + output);
    }
    return output.stripTrailing();
  }
}
