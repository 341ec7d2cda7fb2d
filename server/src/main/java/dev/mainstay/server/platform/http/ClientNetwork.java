package dev.mainstay.server.platform.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;

/** The network that one customer has: an IPv4 address, or the /64 of an IPv6 address. */
final class ClientNetwork {
  private static final int PREFIX_BYTES = 8;

  private ClientNetwork() {}

  /**
   * One text for each network, however the address is written.
   *
   * @param address a literal; anything else is its own network
   */
  static String of(String address) {
    try {
      // An IPv4 address in IPv6 clothes comes back as what it is.
      InetAddress parsed = InetAddress.ofLiteral(address.replaceFirst("%.*", ""));
      return parsed instanceof Inet6Address
          ? HexFormat.of().formatHex(Arrays.copyOf(parsed.getAddress(), PREFIX_BYTES)) + "/64"
          : parsed.getHostAddress();
    } catch (IllegalArgumentException e) {
      return address;
    }
  }
}
