package dev.mainstay.agent.git;

import static dev.mainstay.agent.git.GitFixture.AT;
import static dev.mainstay.agent.git.GitFixture.quiet;
import static dev.mainstay.agent.git.GitFixture.write;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.agent.git.SecretScan.Finding;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a commit gives away, over real commits. The samples are put together, so that no other
 * scanner finds them here.
 */
class SecretScanTest {
  private static final String RANDOM = "q7Rk2LmZ9xTbV4nHs8WdYc3PfGj5AeUo1iQ6BtMwXvKz0ySrDhNaCuEgJp";
  private static final String KNOWN = "the-server's-own-t0ken-ä";

  @TempDir Path directory;
  private GitFixture fixture;
  private Workspace workspace;

  @BeforeEach
  void start() throws Exception {
    fixture = new GitFixture(directory);
    workspace = fixture.workspaces().open(fixture.request("run"), quiet());
  }

  @AfterEach
  void stop() {
    fixture.close();
  }

  private List<Finding> scan() throws Exception {
    return scan("A change");
  }

  private List<Finding> scan(String message) throws Exception {
    Workspace.Commit commit = workspace.commit(message, AT).orElseThrow();
    return workspace.scan(commit, new SecretScan(List.of(KNOWN, "short")));
  }

  static Stream<Arguments> shapes() {
    return Stream.of(
        Arguments.of("gh" + "p_" + RANDOM.substring(0, 36), "a GitHub token"),
        Arguments.of("gh" + "s_" + RANDOM.substring(0, 36), "a GitHub token"),
        Arguments.of("github" + "_pat_" + RANDOM + RANDOM.substring(0, 20), "a GitHub token"),
        Arguments.of("gl" + "pat-" + RANDOM.substring(0, 20), "a GitLab token"),
        Arguments.of("AK" + "IA" + "Q7RKLMZXTBVNHSWD", "an AWS access key"),
        Arguments.of("AI" + "za" + RANDOM.substring(0, 35), "a Google API key"),
        Arguments.of("xo" + "xb-123456789012-" + RANDOM.substring(0, 24), "a Slack token"),
        Arguments.of("sk" + "_live_" + RANDOM.substring(0, 24), "a Stripe key"),
        Arguments.of("np" + "m_" + RANDOM.substring(0, 36), "an npm token"),
        Arguments.of("sk-" + "ant-api03-" + RANDOM, "an Anthropic key"),
        Arguments.of("sk-" + "proj-" + RANDOM, "an OpenAI key"),
        Arguments.of("m" + "s_" + RANDOM.substring(0, 43), "a Mainstay key"),
        Arguments.of("-----BEGIN " + "OPENSSH PRIVATE KEY-----", "a private key"),
        Arguments.of("-----BEGIN " + "PRIVATE KEY-----", "a private key"),
        Arguments.of(KNOWN, "a secret of this server"));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void findsEachKindAndTellsItsPlaceButNotItsValue(String secret, String kind) throws Exception {
    write(
        workspace.tree(),
        "src/main.txt",
        "one\ntwo\nkey = \"" + secret + "\"\nfour\nfive\nsix\nseven\n");
    assertThat(scan()).containsExactly(new Finding("src/main.txt", 3, kind));
    assertThat(scan().toString()).doesNotContain(secret);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "AKIAIOSFODNN7EXAMPLE",
        "sk-ant-api03-...",
        "ghp_ is how a token begins",
        "-----BEGIN PUBLIC KEY-----",
        "short",
        "sha512-AIzaq7Rk2LmZ9xTbV4nHs8WdYc3PfGj5AeUo1iQ6BtMwXvKz0ySrDhNaCuEgJpRR=="
      })
  void leavesPlaceholdersAlone(String text) throws Exception {
    write(workspace.tree(), "src/main.txt", text + "\n");
    assertThat(scan()).isEmpty();
  }

  @Test
  void looksOnlyAtWhatTheCommitAdds() throws Exception {
    fixture.write("old.txt", KNOWN + "\nsecond\n");
    fixture.push("It was there before");
    Workspace later = fixture.workspaces().open(fixture.request("later"), quiet());
    Files.move(later.tree().resolve("old.txt"), later.tree().resolve("moved.txt"));
    write(later.tree(), "moved.txt", KNOWN + "\nsecond\nthird\n");
    Workspace.Commit commit = later.commit("Move it", AT).orElseThrow();
    assertThat(later.scan(commit, new SecretScan(List.of(KNOWN)))).isEmpty();
  }

  @Test
  void looksIntoBinaryFilesAndLinesWithoutEnd() throws Exception {
    byte[] noise = new byte[200_000];
    byte[] secret = KNOWN.getBytes(StandardCharsets.UTF_8);
    // On the border of what is read at once.
    System.arraycopy(secret, 0, noise, 65_536 - 5, secret.length);
    Files.write(workspace.tree().resolve("image.png"), noise);
    assertThat(scan()).containsExactly(new Finding("image.png", 1, "a secret of this server"));
  }

  @Test
  void looksAtNamesAndTheMessage() throws Exception {
    String name = KNOWN.replace("'", "");
    write(workspace.tree(), name, "text\n" + KNOWN + "\n");
    Workspace.Commit commit = workspace.commit("First\n\nUses " + KNOWN, AT).orElseThrow();
    List<Finding> findings = workspace.scan(commit, new SecretScan(List.of(KNOWN, name)));
    assertThat(findings)
        .containsExactly(
            new Finding("the commit message", 3, "a secret of this server"),
            new Finding("a file whose name holds a secret", 0, "a secret of this server"),
            new Finding("a file whose name holds a secret", 2, "a secret of this server"));
    assertThat(findings.toString()).doesNotContain(name, KNOWN);
  }

  @Test
  void linesThatLookLikeADiffAreLines() throws Exception {
    write(
        workspace.tree(),
        "src/main.txt",
        "++ b/fake.txt\n@@ -1 +700 @@\n-- a/fake.txt\n" + KNOWN + "\n");
    assertThat(scan()).containsExactly(new Finding("src/main.txt", 4, "a secret of this server"));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void findsEachKindInAUrlAndAPath(String secret, String kind) throws Exception {
    write(workspace.tree(), "remote.txt", "https://" + secret + "@example.org/a\n");
    write(workspace.tree(), "path.txt", "see /tokens/" + secret + "/use\n");
    assertThat(scan())
        .containsExactlyInAnyOrder(
            new Finding("remote.txt", 1, kind), new Finding("path.txt", 1, kind));
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void redactsEachKindWhereverItStands(String secret, String kind) {
    SecretScan scan = new SecretScan(List.of(KNOWN));
    for (String text :
        List.of(
            secret,
            "Use " + secret + ", please.",
            "a\n\tkey=\"" + secret + "\"\nb",
            secret + " " + secret,
            "(" + secret + ")\r\n" + secret)) {
      assertThat(scan.redact(text))
          .doesNotContain(secret.substring(0, 12))
          .contains(SecretScan.REDACTED);
      assertThat(scan.finds(scan.redact(text))).as(kind).isFalse();
    }
  }

  @Test
  void redactsAPrivateKeyWithAllOfItsLines() {
    String begin = "-----BEGIN " + "RSA PRIVATE KEY-----";
    SecretScan scan = new SecretScan(List.of());
    String key = begin + "\nMIIEpAIBAAKCAQEA\nq7Rk2LmZ9xTb\n-----END RSA PRIVATE KEY-----";
    assertThat(scan.redact("before\n" + key + "\nafter")).isEqualTo("before\n[redacted]\nafter");
    assertThat(scan.redact(begin + "\nMIIEpAIBAAKCAQEA\nq7Rk2LmZ9xTb")).isEqualTo("[redacted]");
    assertThat(scan.redact(key + key)).isEqualTo("[redacted][redacted]");
  }

  @Test
  void leavesOtherTextAsItIs() {
    SecretScan scan = new SecretScan(List.of(KNOWN));
    for (String text :
        List.of("", "Mend it", "AKIAIOSFODNN7EXAMPLE", "ghp_ is how a token begins", "$1 \\ [x]")) {
      assertThat(scan.redact(text)).isEqualTo(text);
    }
  }

  @Test
  void findsSecretsOfSeveralLinesAndOfAnyLength() throws Exception {
    String lines = "first line of a secret\nsecond line of a secret\n}\n";
    String longer = RANDOM.repeat(3000);
    write(workspace.tree(), "one.txt", "a\n  second line of a secret\n}\n");
    write(workspace.tree(), "two.txt", "x".repeat(65_536 - 2000) + longer);
    Workspace.Commit commit = workspace.commit("A change", AT).orElseThrow();
    assertThat(workspace.scan(commit, new SecretScan(List.of(lines, longer))))
        .containsExactly(
            new Finding("one.txt", 2, "a secret of this server"),
            new Finding("two.txt", 1, "a secret of this server"));
    assertThat(new SecretScan(List.of(lines)).redact("x " + lines + "y"))
        .isEqualTo("x [redacted]y");
  }

  @Test
  void stopsAtEnough() throws Exception {
    write(workspace.tree(), "many.txt", (KNOWN + "\n").repeat(500_000));
    assertThat(scan()).hasSize(AddedLines.MAX_FINDINGS);
  }
}
