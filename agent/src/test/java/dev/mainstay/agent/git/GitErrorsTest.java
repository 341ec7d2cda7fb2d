package dev.mainstay.agent.git;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.agent.git.GitCredentials.Credential;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GitErrorsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "fatal: '/var/lib/mainstay/git/mirrors/ab/repo.git' is corrupt | fatal: '…/repo.git' is corrupt",
        "error: unable to create /srv/data/tree/src/main.txt: full | error: unable to create …/main.txt: full",
        "fatal: unable to access 'https://host.example/a/b.git/': no | fatal: unable to access 'https://host.example/a/b.git/': no",
        "remote: see https://user:pass@host.example/help | remote: see https://host.example/help",
        "error: src/main/java/A.java is too long | error: src/main/java/A.java is too long",
        "fatal: file:///srv/repos/sample.git is gone | fatal: file:///srv/repos/sample.git is gone"
      })
  void saysWhatWentWrongButNotWhereTheServerLies(String said, String shown) {
    assertThat(GitErrors.clean(said, Optional.empty())).isEqualTo(shown);
  }

  @Test
  void leavesOutTheCredentialThatWasUsed() {
    assertThat(GitErrors.clean("bad s3cr3t here", Optional.of(new Credential("u", "s3cr3t"))))
        .isEqualTo("bad [redacted] here");
  }

  @Test
  void namesTheKindOfAFailureAndTheFileAlone() {
    assertThat(GitErrors.reason(new NoSuchFileException("/var/lib/mainstay/git/runs/x/index")))
        .isEqualTo("NoSuchFileException: …/index");
  }
}
