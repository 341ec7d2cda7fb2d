package dev.mainstay.agent.git;

import static dev.mainstay.agent.git.GitWorkspacesTest.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.agent.git.GitCredentials.Credential;
import dev.mainstay.agent.git.RepositoryUrl.Scheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfiguredCredentialsTest {
  @TempDir Path directory;
  private Path file;

  @BeforeEach
  void write() throws IOException {
    file = directory.resolve("credentials");
    write(
        """
        # a comment
        https://bob:p%40ss%2F+w%3Aord@Git.Example.org
        https://port:a@example.com:8443
        https://team:b@example.net/team
        https://all:c@example.net
        http://plain:d@example.net
        https://no-password@example.io
        not a line
        """);
  }

  private void write(String text) throws IOException {
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static RepositoryUrl url(String text) {
    try {
      return new RepositoryPolicy(Set.of("example.net"), List.of()).parse(text);
    } catch (IllegalRepositoryException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void findsByHostPortAndPath() throws Exception {
    ConfiguredCredentials credentials =
        new ConfiguredCredentials(Optional.empty(), Optional.of(file));
    assertThat(credentials.find(url("https://git.example.org/a")))
        .contains(new Credential("bob", "p@ss/+w:ord"));
    assertThat(credentials.find(url("https://git.example.org:443/a"))).isPresent();
    assertThat(credentials.find(url("https://git.example.org:444/a"))).isEmpty();
    assertThat(credentials.find(url("https://evil-git.example.org/a"))).isEmpty();
    assertThat(credentials.find(url("https://example.com:8443/a"))).isPresent();
    assertThat(credentials.find(url("https://example.com/a"))).isEmpty();
    assertThat(credentials.find(url("https://example.net/team/a")).orElseThrow().user())
        .isEqualTo("team");
    assertThat(credentials.find(url("https://example.net/team.git")).orElseThrow().user())
        .isEqualTo("team");
    assertThat(credentials.find(url("https://example.net/teams/a")).orElseThrow().user())
        .isEqualTo("all");
    assertThat(credentials.find(url("http://example.net/team/a")).orElseThrow().user())
        .isEqualTo("plain");
    assertThat(credentials.find(url("https://example.io/a"))).isEmpty();
    assertThat(credentials.find(new RepositoryUrl("/path", Scheme.LOCAL, ""))).isEmpty();
  }

  @Test
  void givesTheTokenToGithubOnly() throws Exception {
    ConfiguredCredentials credentials =
        new ConfiguredCredentials(Optional.of(" token\n"), Optional.empty());
    assertThat(credentials.find(url("https://github.com/a/b")))
        .contains(new Credential("x-access-token", "token"));
    assertThat(credentials.find(url("https://github.com:8443/a/b"))).isEmpty();
    assertThat(credentials.find(url("https://github.com.evil.example/a/b"))).isEmpty();
    assertThat(credentials.find(url("https://gist.github.com/a"))).isEmpty();
    assertThat(
            new ConfiguredCredentials(Optional.of(" "), Optional.empty())
                .find(url("https://github.com/a")))
        .isEmpty();
  }

  @Test
  void readsTheFileAgainWhenItChanges() throws Exception {
    ConfiguredCredentials credentials =
        new ConfiguredCredentials(Optional.empty(), Optional.of(file));
    assertThat(credentials.find(url("https://later.example/a"))).isEmpty();
    write("https://x:y@later.example\n");
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().plusSeconds(5)));
    assertThat(credentials.find(url("https://later.example/a"))).isPresent();
  }

  @Test
  void refusesAFileThatOthersMayRead() throws Exception {
    ConfiguredCredentials credentials =
        new ConfiguredCredentials(Optional.empty(), Optional.of(file));
    assertThat(credentials.find(url("https://git.example.org/a"))).isPresent();
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    assertThat(failure(() -> credentials.find(url("https://git.example.org/a"))))
        .returns("authentication_failed", GitException::code)
        .hasMessageContaining("chmod 600")
        .hasMessageContaining("MAINSTAY_GIT_CREDENTIALS");
    Files.delete(file);
    assertThat(failure(() -> credentials.find(url("https://git.example.org/a"))))
        .hasMessageContaining("cannot be read");
  }
}
