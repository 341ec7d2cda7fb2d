package dev.mainstay.agent.git;

import static dev.mainstay.agent.git.GitFixture.AT;
import static dev.mainstay.agent.git.GitFixture.TOKEN;
import static dev.mainstay.agent.git.GitFixture.USER;
import static dev.mainstay.agent.git.GitFixture.quiet;
import static dev.mainstay.agent.git.GitFixture.write;
import static dev.mainstay.agent.git.GitWorkspacesTest.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.agent.git.GitCredentials.Credential;
import dev.mainstay.agent.git.GitHttpServer.Answer;
import dev.mainstay.agent.git.Workspace.Commit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RemoteTest {
  @TempDir Path directory;
  private GitFixture fixture;

  @BeforeEach
  void start() {
    fixture = new GitFixture(directory);
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  @ParameterizedTest
  @CsvSource({
    "401, authentication_failed, false",
    "403, authentication_failed, false",
    "404, repository_not_found, false",
    "410, repository_not_found, false",
    "429, clone_failed, true",
    "500, clone_failed, true",
    "503, clone_failed, true",
  })
  void tellsWhatTheStatusMeans(int status, String code, boolean retryable) {
    fixture.server.intercept(request -> new Answer.Status(status));
    assertThat(failure(() -> fixture.workspaces().open(fixture.request("r1"), quiet())))
        .returns(code, GitException::code)
        .returns(retryable, GitException::retryable)
        .hasMessageNotContaining(TOKEN);
  }

  @Test
  void namesTheSettingWhenCredentialsAreMissingOrWrong() {
    GitWorkspaces without = new GitWorkspaces(fixture.settings(), GitCredentials.none());
    assertThat(failure(() -> without.open(fixture.request("r1"), quiet())))
        .returns("authentication_failed", GitException::code)
        .hasMessageContaining("set MAINSTAY_GIT_CREDENTIALS");
    GitWorkspaces wrong =
        new GitWorkspaces(
            fixture.settings(), url -> Optional.of(new Credential("robot", "wrong-canary")));
    assertThat(failure(() -> wrong.open(fixture.request("r1"), quiet())))
        .returns("authentication_failed", GitException::code)
        .hasMessageContaining("check MAINSTAY_GIT_CREDENTIALS")
        .hasMessageNotContaining("wrong-canary");
  }

  @Test
  void takesARepositoryThatIsNotThere() {
    assertThat(
            failure(
                () ->
                    fixture.workspaces().open(fixture.request("r1", "none.git", "", ""), quiet())))
        .returns("repository_not_found", GitException::code);
  }

  @Test
  void comesBackAfterTheConnectionIsCut() throws Exception {
    for (int bytes : List.of(1, 100, 400)) {
      fixture.server.intercept(
          request -> request.method().equals("POST") ? new Answer.Cut(bytes) : Answer.serve());
      assertThat(failure(() -> fixture.workspaces().open(fixture.request("r1"), quiet())))
          .returns("clone_failed", GitException::code)
          .returns(true, GitException::retryable);
    }
    fixture.server.intercept(request -> Answer.serve());
    assertThat(
            fixture.workspaces().open(fixture.request("r1"), quiet()).tree().resolve("readme.txt"))
        .exists();
  }

  @Test
  void followsNoRedirectAndShowsTheTokenToNobodyElse() throws Exception {
    try (GitHttpServer thief = GitHttpServer.start(directory.resolve("remotes"))) {
      thief.intercept(request -> new Answer.Status(401));
      Workspace workspace = fixture.workspaces().open(fixture.request("r0"), quiet());
      write(workspace.tree(), "a", "b");
      Commit commit = workspace.commit("x", AT).orElseThrow();
      for (String where : List.of("info/refs", "git-upload-pack", "git-receive-pack")) {
        fixture.server.intercept(
            request ->
                request.uri().contains(where)
                    ? new Answer.Redirect("http://" + thief.host())
                    : Answer.serve());
        fixture.write(where, "new");
        fixture.push("More");
        if (where.equals("git-receive-pack")) {
          assertThat(failure(() -> workspace.push(commit, "mainstay/r1", "aside")).code())
              .isEqualTo("push_failed");
        } else {
          assertThat(failure(() -> fixture.workspaces().open(fixture.request("r1"), quiet())))
              .returns("clone_failed", GitException::code);
        }
      }
      assertThat(thief.requests()).isEmpty();
    }
  }

  /** Looked for while git runs, and after: in processes, files, and what is said. */
  @Test
  void keepsTheTokenToItself() throws Exception {
    ConcurrentLinkedQueue<String> leaks = new ConcurrentLinkedQueue<>();
    ConcurrentLinkedQueue<String> holders = new ConcurrentLinkedQueue<>();
    fixture.server.intercept(
        request -> {
          look(leaks, holders);
          return Answer.serve();
        });
    GitWorkspaces workspaces = fixture.workspaces();
    Workspace workspace = workspaces.open(fixture.request("r1"), quiet());
    write(workspace.tree(), "a", "b");
    Commit commit = workspace.commit("x", AT).orElseThrow();
    workspace.push(commit, "mainstay/r1", "aside");
    assertThat(leaks).isEmpty();
    assertThat(holders).as("the search finds what is there").isNotEmpty();
    assertThat(holders).allMatch(name -> name.startsWith("git") || name.equals("askpass"));
    assertThat(fixture.server.requests())
        .anyMatch(request -> request.authorization().isPresent())
        .allMatch(request -> !request.uri().contains(TOKEN));
    try (Stream<Path> files = Files.walk(directory.resolve("root"))) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        assertThat(Files.readString(file, StandardCharsets.ISO_8859_1)).doesNotContain(TOKEN);
      }
    }
    assertThat(new Credential(USER, TOKEN).toString()).doesNotContain(TOKEN);
  }

  private static void look(
      ConcurrentLinkedQueue<String> leaks, ConcurrentLinkedQueue<String> holders) {
    ProcessHandle.current()
        .descendants()
        .forEach(
            process -> {
              Path proc = Path.of("/proc", Long.toString(process.pid()));
              try {
                String arguments =
                    Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1);
                String environment =
                    Files.readString(proc.resolve("environ"), StandardCharsets.ISO_8859_1);
                String name = Files.readString(proc.resolve("comm")).strip();
                if (arguments.contains(TOKEN)) {
                  leaks.add(arguments);
                }
                if (environment.contains(TOKEN)) {
                  holders.add(name);
                  if (arguments.contains("http-backend")) {
                    leaks.add("the other side");
                  }
                }
              } catch (IOException e) {
                // It has ended.
              }
            });
  }

  @Test
  void answersNoPromptForAnotherHost() throws Exception {
    fixture.workspaces();
    Path askpass = directory.resolve("root/askpass");
    for (String prompt :
        List.of(
            "Username for 'https://evil.example': ",
            "Password for 'https://robot@evil.example': ",
            "Password for 'https://good.example@evil.example': ",
            "Enter passphrase: ")) {
      ProcessBuilder builder = new ProcessBuilder(askpass.toString(), prompt);
      builder.environment().put("MAINSTAY_GIT_HOST", "good.example");
      builder.environment().put("MAINSTAY_GIT_USER", USER);
      builder.environment().put("MAINSTAY_GIT_PASSWORD", TOKEN);
      Process process = builder.start();
      assertThat(new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
          .as(prompt)
          .isEmpty();
      assertThat(process.waitFor()).isNotZero();
    }
    assertThat(Files.getPosixFilePermissions(askpass)).hasSize(3);
  }

  /** What the policy refuses already, given to git all the same: the second line holds as well. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ext::sh -c touch% CANARY",
        "EXT::sh -c touch% CANARY",
        "ssh://-oProxyCommand=touch${IFS}CANARY/x",
        "git@host:x",
        "git://127.0.0.1/x",
        "file:///",
        "/",
        "ftp://127.0.0.1/x",
        "--upload-pack=touch CANARY",
        "fd::0",
        "http::ext::sh",
      })
  void letsGitUseNoOtherTransport(String address) throws Exception {
    Path canary = directory.resolve("canary");
    Layout layout = Layout.create(directory.resolve("root"));
    Git git = new Git(layout);
    Path mirror = directory.resolve("m.git");
    git.command(mirror, "init", "-q", "--bare").output();
    GitCommand.Result<String> result =
        git.command(
                mirror,
                Map.of("protocol.https.allow", "always"),
                "ls-remote",
                "--",
                address.replace("CANARY", canary.toString()))
            .env("GIT_ALLOW_PROTOCOL", "https")
            .run();
    assertThat(result.exit()).isNotZero();
    assertThat(result.error()).containsAnyOf("not allowed", "not found", "blocked", "transport");
    assertThat(canary).doesNotExist();
  }

  /** The name does not exist, so only the given address can have been dialled. */
  @Test
  void dialsTheAddressThatWasChecked() throws Exception {
    Layout layout = Layout.create(directory.resolve("root"));
    Git git = new Git(layout);
    Path mirror = directory.resolve("m.git");
    git.command(mirror, "init", "-q", "--bare").output();
    String port = fixture.server.host().replaceFirst(".*:", "");
    fixture.server.intercept(request -> new Answer.Status(418));
    git.command(
            mirror,
            Map.of("http.curloptResolve", "pinned.invalid:" + port + ":127.0.0.1"),
            "ls-remote",
            "--",
            "http://pinned.invalid:" + port + "/repo.git")
        .env("GIT_ALLOW_PROTOCOL", "http")
        .run();
    assertThat(fixture.server.requests()).hasSize(1);
  }
}
