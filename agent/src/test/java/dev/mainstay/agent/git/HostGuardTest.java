package dev.mainstay.agent.git;

import static dev.mainstay.agent.git.GitWorkspacesTest.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mainstay.agent.git.RepositoryUrl.Scheme;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HostGuardTest {
  private static final RepositoryPolicy POLICY =
      new RepositoryPolicy(Set.of("git.internal", "10.0.0.5:3000"), List.of());

  private static InetAddress address(String text) throws UnknownHostException {
    return InetAddress.getByName(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0.0.0.0",
        "0.1.2.3",
        "10.1.2.3",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.9.9.9",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.8",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "239.1.1.1",
        "240.0.0.1",
        "255.255.255.255",
        "168.63.129.16",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::127.0.0.1",
        "64:ff9b::a9fe:a9fe",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
        "3fff::1",
        "fc00::1",
        "fd00:ec2::254",
        "fe80::1",
        "fec0::1",
        "ff02::1",
      })
  void takesAddressForPrivate(String text) throws Exception {
    assertThat(Addresses.isPublic(address(text))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1.1.1.1",
        "9.255.255.255",
        "100.63.255.255",
        "100.128.0.0",
        "172.15.0.1",
        "172.32.0.1",
        "140.82.121.3",
        "223.255.255.255",
        "2606:4700::1111",
        "2a00:1450:4001::1",
        "64:ff9b::8c52:7903",
        "2002:8c52:7903::1",
      })
  void takesAddressForPublic(String text) throws Exception {
    assertThat(Addresses.isPublic(address(text))).isTrue();
  }

  private static HostGuard guard(String... addresses) throws UnknownHostException {
    InetAddress[] all = new InetAddress[addresses.length];
    for (int i = 0; i < all.length; i++) {
      all[i] = address(addresses[i]);
    }
    return new HostGuard(POLICY, host -> all);
  }

  @Test
  void pinsWhatItLookedAt() throws Exception {
    assertThat(guard("140.82.121.3", "2606:4700::1111").pin(POLICY.parse("https://Example.com/a")))
        .contains("example.com:443:140.82.121.3,[2606:4700:0:0:0:0:0:1111]");
    assertThat(guard("140.82.121.3").pin(POLICY.parse("https://example.com:8443/a")))
        .contains("example.com:8443:140.82.121.3");
  }

  @Test
  void refusesIfAnyAddressIsPrivate() throws Exception {
    assertThat(
            failure(
                () ->
                    guard("140.82.121.3", "127.0.0.1")
                        .pin(POLICY.parse("https://rebind.example/a"))))
        .returns("repository_refused", GitException::code)
        .returns(false, GitException::retryable)
        .hasMessageContaining("MAINSTAY_ALLOWED_HOSTS");
  }

  @Test
  void letsListedHostsBeAnywhere() throws Exception {
    assertThat(guard("10.0.0.1").pin(POLICY.parse("https://git.internal/a"))).isEmpty();
    assertThat(guard("10.0.0.5").pin(POLICY.parse("http://10.0.0.5:3000/a"))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://127.0.0.1/a",
        "https://[::1]/a",
        "https://[::ffff:127.0.0.1]/a",
        "https://[::ffff:7f00:1]/a",
        "https://[64:ff9b::7f00:1]/a",
        "https://169.254.169.254/latest",
        "https://10.0.0.5/a",
        "https://10.0.0.5:3001/a",
      })
  void refusesPrivateLiterals(String url) throws Exception {
    HostGuard guard = new HostGuard(POLICY, InetAddress::getAllByName);
    // The policy refuses these already; a policy may have been another one when the URL passed it.
    RepositoryUrl literal = new RepositoryUrl(url, Scheme.HTTPS, URI.create(url).getAuthority());
    assertThat(failure(() -> guard.pin(literal)).code()).isEqualTo("repository_refused");
  }

  @Test
  void comesBackWhenAHostIsNotFound() throws Exception {
    HostGuard guard =
        new HostGuard(
            POLICY,
            host -> {
              throw new UnknownHostException(host);
            });
    assertThat(failure(() -> guard.pin(POLICY.parse("https://gone.example/a"))))
        .returns("clone_failed", GitException::code)
        .returns(true, GitException::retryable);
  }
}
