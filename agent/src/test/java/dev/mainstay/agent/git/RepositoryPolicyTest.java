package dev.mainstay.agent.git;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.agent.git.RepositoryUrl.Scheme;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryPolicyTest {
  private static final RepositoryPolicy POLICY =
      new RepositoryPolicy(Set.of("git.internal:3000"), List.of());

  @ParameterizedTest
  @CsvSource({
    "https://github.com/a/b, https://github.com/a/b",
    "HTTPS://GitHub.COM/a/B.git, https://github.com/a/B.git",
    "https://example.com:8443/a%20b/, https://example.com:8443/a%20b/",
    "http://git.internal:3000/a, http://git.internal:3000/a",
    "https://1.2.3.4/a, https://1.2.3.4/a",
    "https://[2606:4700::1111]/a, https://[2606:4700::1111]/a",
  })
  void acceptsAndSettlesTheSpelling(String text, String settled) throws Exception {
    assertThat(POLICY.parse(text).text()).isEqualTo(settled);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "ext::sh -c id",
        "ext::sh",
        "EXT::sh",
        "https::ext::sh",
        "--upload-pack=id",
        "-oProxyCommand=id",
        "ssh://-oProxyCommand=id/x",
        "ssh://git@github.com/a/b",
        "git@github.com:a/b",
        "git://github.com/a/b",
        "ftp://github.com/a/b",
        "file:///etc",
        "FILE:///etc",
        "/etc",
        "./repo",
        "../repo",
        "C:\\repo",
        "github.com/a/b",
        "http://github.com/a/b",
        "http://git.internal/a",
        "http://git.internal:3001/a",
        "https://user@github.com/a/b",
        "https://user:token@github.com/a/b",
        "https://@github.com/a",
        "https://:@github.com/a",
        "https://github.com@evil.example/a",
        "https://github.com\\@evil.example/a",
        "https://github.com/a?b",
        "https://github.com/a#b",
        "https://github.com",
        "https://github.com/",
        "https:///a/b",
        "https://-host/a",
        "https://host-/a",
        "https://host./a",
        "https://ho_st/a",
        "https://host:0/a",
        "https://host:99999/a",
        "https://host:x/a",
        "https://2130706433/a",
        "https://0x7f.1/a",
        "https://0x7f000001/a",
        "https://0177.0.0.1/a",
        "https://127.1/a",
        "https://1.2.3.256/a",
        "https://1.2.3.4.5/a",
        "https://example.0x7f/a",
        "https://[::1%25eth0]/a",
        "https://[::1/a",
        "https://host/a\nb",
        "https://host/a b",
        "https://host/\0",
        "https://host/a\u007f",
      })
  void refuses(String text) {
    assertThatThrownBy(() -> POLICY.parse(text))
        .isInstanceOf(IllegalRepositoryException.class)
        .hasMessageNotContaining("token");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/a",
        "https://127.255.255.254:8443/a",
        "https://0.0.0.0/a",
        "https://10.1.2.3/a",
        "https://172.31.255.255/a",
        "https://192.168.0.1:3000/a",
        "https://100.64.0.1/a",
        "https://169.254.169.254/latest/meta-data",
        "https://168.63.129.16/a",
        "https://198.18.0.1/a",
        "https://224.0.0.1/a",
        "https://255.255.255.255/a",
        "https://[::1]/a",
        "https://[::]/a",
        "https://[::1]:8443/a",
        "https://[fd00::1]/a",
        "https://[fe80::1]/a",
        "https://[ff02::1]/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://[::ffff:a00:1]/a",
        "https://[::ffff:0:127.0.0.1]/a",
        "https://[64:ff9b::10.0.0.1]/a",
        "https://[2002:7f00:1::]/a",
        "https://[2001:db8::1]/a",
      })
  void refusesAPrivateAddressAtOnceUnlessItIsListed(String url) throws Exception {
    assertThatThrownBy(() -> POLICY.parse(url))
        .isInstanceOf(IllegalRepositoryException.class)
        .hasMessageContaining("not public");
    String host = URI.create(url).getHost();
    assertThat(new RepositoryPolicy(Set.of(host), List.of()).parse(url).text()).isEqualTo(url);
  }

  @Test
  void refusesWhatIsTooLong() {
    assertThatThrownBy(() -> POLICY.parse("https://host/" + "a".repeat(2000)))
        .isInstanceOf(IllegalRepositoryException.class);
  }

  @Test
  void takesLocalPathsBelowListedDirectoriesOnly(@TempDir Path directory) throws Exception {
    Path inside = Files.createDirectories(directory.resolve("listed/repo"));
    Path outside = Files.createDirectories(directory.resolve("listed-not/repo"));
    Path link = Files.createSymbolicLink(directory.resolve("listed/link"), outside);
    RepositoryPolicy policy = new RepositoryPolicy(Set.of(), List.of(directory.resolve("listed")));
    assertThat(policy.parse(inside.toString()))
        .isEqualTo(new RepositoryUrl(inside.toRealPath().toString(), Scheme.LOCAL, ""));
    assertThat(policy.parse(inside.toUri().toString()).scheme()).isEqualTo(Scheme.LOCAL);
    for (String refused :
        List.of(
            outside.toString(),
            link.toString(),
            directory.resolve("listed/../listed-not/repo").toString(),
            directory.resolve("listed/none").toString(),
            "file://host" + inside,
            "file:" + inside + "?x",
            "file:relative")) {
      assertThatThrownBy(() -> policy.parse(refused))
          .as(refused)
          .isInstanceOf(IllegalRepositoryException.class);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"main", "feature/x", "a.b", "mainstay/0a1b2c3d", "ünïcode", "a@b", "a{b"})
  void knowsBranches(String name) {
    assertThat(RefNames.isValidBranch(name)).isTrue();
    GitHttpServer.run(Path.of("."), "git", "check-ref-format", "refs/heads/" + name);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "--force",
        "-x",
        "@",
        "HEAD",
        "a..b",
        "a b",
        "a~1",
        "a^",
        "a:b",
        "a?",
        "a*",
        "a[b",
        "a\\b",
        "a@{1}",
        "/a",
        "a/",
        "a//b",
        "a.",
        ".a",
        "a/.b",
        "a.lock",
        "a.lock/b",
        "a\nb",
        "a\0b",
        "a\u007f",
      })
  void knowsWhatIsNoBranch(String name) {
    assertThat(RefNames.isValidBranch(name)).isFalse();
  }
}
