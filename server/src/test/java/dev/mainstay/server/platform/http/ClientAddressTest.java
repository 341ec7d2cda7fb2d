package dev.mainstay.server.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** From where a request comes, and how that is counted (CVE-2026-45364). */
@Tag("once") // needs no database
class ClientAddressTest {
  private static final TrustedProxies PROXIES =
      new TrustedProxies(List.of("10.0.0.0/8", "192.0.2.7", "fd00::/8"));

  @ParameterizedTest
  @CsvSource({
    // nobody is believed but a trusted proxy
    "203.0.113.5, '198.51.100.1', 203.0.113.5",
    "203.0.113.5, '', 203.0.113.5",
    "10.1.2.3, '198.51.100.1', 198.51.100.1",
    "192.0.2.7, '198.51.100.1', 198.51.100.1",
    "192.0.2.8, '198.51.100.1', 192.0.2.8",
    "fd12::1, '2001:db8::1', 2001:db8::1",
    // what stands before the first that is not trusted is the client's own tale
    "10.1.2.3, '1.1.1.1, 198.51.100.1', 198.51.100.1",
    "10.1.2.3, '1.1.1.1, 198.51.100.1, 10.9.9.9', 198.51.100.1",
    "10.1.2.3, '10.9.9.9', 10.9.9.9",
    // no names, no rubbish
    "10.1.2.3, 'evil.example', 10.1.2.3",
    "10.1.2.3, '198.51.100.1, <script>', 10.1.2.3",
    "10.1.2.3, ',', 10.1.2.3",
    "10.1.2.3, '', 10.1.2.3",
  })
  void theFirstThatIsNoProxyIsTheClient(String peer, String forwarded, String client) {
    assertThat(PROXIES.client(peer, forwarded)).isEqualTo(client);
  }

  @Test
  void withoutProxiesNobodyIsBelieved() {
    assertThat(new TrustedProxies(List.of()).client("127.0.0.1", "1.2.3.4")).isEqualTo("127.0.0.1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost", "10.0.0.0/33", "10.0.0.0/-1", "fd00::/129", "10.0.0.0/x"})
  void whatIsNoNetworkIsRefused(String text) {
    List<String> ranges = List.of(text);
    assertThatThrownBy(() -> new TrustedProxies(ranges))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aCustomersNetworkIsOneHoweverItsAddressesAreWritten() {
    assertThat(ClientNetwork.of("2001:db8:0:1::5"))
        .isEqualTo(ClientNetwork.of("2001:0DB8:0000:0001:ffff:ffff:ffff:ffff"))
        .isNotEqualTo(ClientNetwork.of("2001:db8:0:2::5"));
    assertThat(ClientNetwork.of("::ffff:192.0.2.1")).isEqualTo(ClientNetwork.of("192.0.2.1"));
    assertThat(ClientNetwork.of("fe80::1%eth0")).isEqualTo(ClientNetwork.of("fe80::2%1"));
    assertThat(ClientNetwork.of("192.0.2.1")).isNotEqualTo(ClientNetwork.of("192.0.2.2"));
  }
}
