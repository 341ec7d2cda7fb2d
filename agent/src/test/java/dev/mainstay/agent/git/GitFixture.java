package dev.mainstay.agent.git;

import dev.mainstay.agent.git.GitCredentials.Credential;
import dev.mainstay.agent.git.Workspaces.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** A remote over HTTP with a repository {@code repo.git}, a developer's clone, and workspaces. */
final class GitFixture implements AutoCloseable {
  static final Instant AT = Instant.parse("2026-01-02T03:04:05Z");
  static final String USER = "robot";
  static final String TOKEN = "s3cr3t+canary/%41";
  static final long MAX_BYTES = 20_000_000;

  final Path directory;
  final Path remote;
  final Path developer;
  final GitHttpServer server;

  GitFixture(Path directory) {
    this.directory = directory;
    Path repositories = make(directory.resolve("remotes"));
    remote = repositories.resolve("repo.git");
    git(directory, "init", "-q", "--bare", "-b", "trunk", remote.toString());
    developer = directory.resolve("developer");
    git(directory, "init", "-q", "-b", "trunk", developer.toString());
    write("readme.txt", "hello\n");
    write("src/main.txt", "one\ntwo\nthree\nfour\nfive\nsix\nseven\n");
    write(".gitignore", "*.log\n");
    push("First");
    server = GitHttpServer.start(repositories).require(USER, TOKEN);
  }

  private static Path make(Path path) {
    try {
      return Files.createDirectories(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String git(Path directory, String... arguments) {
    List<String> command = new ArrayList<>(List.of("git"));
    command.addAll(List.of("-c", "user.name=Dev", "-c", "user.email=dev@example.org"));
    command.addAll(List.of("-c", "protocol.file.allow=always"));
    command.addAll(List.of(arguments));
    return GitHttpServer.run(directory, command.toArray(String[]::new)).strip();
  }

  /** In the developer's clone. */
  void write(String path, String text) {
    write(developer, path, text);
  }

  static void write(Path directory, String path, String text) {
    try {
      Path file = directory.resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Commits all of the developer's files and pushes them; gives the commit's id. */
  String push(String message) {
    git(developer, "add", "-A");
    git(developer, "commit", "-q", "--allow-empty", "-m", message);
    git(developer, "push", "-q", remote.toString(), "HEAD");
    return git(developer, "rev-parse", "HEAD");
  }

  /** What the remote's branch is at; empty if it has none. */
  Optional<String> remoteTip(String branch) {
    String listed = git(remote, "for-each-ref", "--format=%(objectname)", "refs/heads/" + branch);
    return listed.isEmpty() ? Optional.empty() : Optional.of(listed);
  }

  RepositoryPolicy policy() {
    return new RepositoryPolicy(Set.of(server.host()), List.of(directory.resolve("remotes")));
  }

  GitSettings settings() {
    return new GitSettings(
        directory.resolve("root"),
        "Mainstay",
        "agent@example.org",
        MAX_BYTES,
        Duration.ofSeconds(60),
        policy());
  }

  static GitCredentials credentials() {
    return url -> Optional.of(new Credential(USER, TOKEN));
  }

  GitWorkspaces workspaces() {
    return new GitWorkspaces(settings(), credentials());
  }

  Request request(String runId) {
    return request(runId, "repo.git", "", "");
  }

  Request request(String runId, String repository, String branch, String commit) {
    return request("org", runId, server.url(repository), branch, commit);
  }

  Request request(String tenant, String runId, String url, String branch, String commit) {
    try {
      return new Request(tenant, runId, policy().parse(url), branch, commit);
    } catch (IllegalRepositoryException e) {
      throw new IllegalArgumentException(e);
    }
  }

  static Consumer<String> quiet() {
    return line -> {};
  }

  @Override
  public void close() {
    server.close();
  }
}
