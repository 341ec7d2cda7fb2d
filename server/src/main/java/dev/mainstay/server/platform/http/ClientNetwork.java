package dev.mainstay.server.platform.http;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;

/** The network that one customer has: an IPv4 address, or the /64 of an IPv6 address. */
final class ClientNetwork {
  private static final int PREFIX_BYTES = 8;

  private ClientNetwork() {}

  /**
   * @param address as the socket has it, never a name
   */
  static String of(String address) {
    try {
      // An IPv4 address in IPv6 clothes comes back as what it is.
      InetAddress parsed = InetAddress.getByName(address.replaceFirst("%.*", ""));
      return parsed instanceof Inet6Address six
          ? InetAddress.getByAddress(
                      Arrays.copyOf(
                          Arrays.copyOf(six.getAddress(), PREFIX_BYTES), six.getAddress().length))
                  .getHostAddress()
              + "/64"
          : parsed.getHostAddress();
    } catch (UnknownHostException e) {
      return address;
    }
  }
}
