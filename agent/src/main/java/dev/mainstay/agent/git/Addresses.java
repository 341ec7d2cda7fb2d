package dev.mainstay.agent.git;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.List;

/**
 * Tells the public Internet's addresses from all others: the special-purpose registries of RFC
 * 6890, multicast, and IPv6 addresses that carry an IPv4 one which is not public.
 */
final class Addresses {
  private record Range(int network, int bits) {
    boolean contains(int address) {
      return (address ^ network) >>> (32 - bits) == 0;
    }
  }

  private static final List<Range> SPECIAL =
      List.of(
          range(0, 0, 0, 8),
          range(10, 0, 0, 8),
          range(100, 64, 0, 10),
          range(127, 0, 0, 8),
          range(169, 254, 0, 16),
          range(172, 16, 0, 12),
          range(192, 0, 0, 24),
          range(192, 0, 2, 24),
          range(192, 88, 99, 24),
          range(192, 168, 0, 16),
          range(198, 18, 0, 15),
          range(198, 51, 100, 24),
          range(203, 0, 113, 24),
          range(224, 0, 0, 3));

  /** The wire server of Azure's machines: a metadata service at a public-looking address. */
  private static final int AZURE_WIRE_SERVER = pack(168, 63, 129, 16);

  private Addresses() {}

  private static Range range(int a, int b, int c, int bits) {
    return new Range(pack(a, b, c, 0), bits);
  }

  private static int pack(int a, int b, int c, int d) {
    return (a & 0xff) << 24 | (b & 0xff) << 16 | (c & 0xff) << 8 | (d & 0xff);
  }

  static boolean isPublic(InetAddress address) {
    byte[] b = address.getAddress();
    return address instanceof Inet4Address ? isPublic4(b, 0) : isPublic6(b);
  }

  private static boolean isPublic4(byte[] b, int at) {
    int address = pack(b[at], b[at + 1], b[at + 2], b[at + 3]);
    return address != AZURE_WIRE_SERVER
        && SPECIAL.stream().noneMatch(range -> range.contains(address));
  }

  private static boolean isPublic6(byte[] b) {
    if (startsWith(b, 0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0)) {
      return isPublic4(b, 12); // NAT64, RFC 6052
    }
    if (startsWith(b, 0x20, 0x02)) {
      return isPublic4(b, 2); // 6to4, RFC 3056
    }
    boolean globalUnicast = (b[0] & 0xe0) == 0x20;
    return globalUnicast
        && !(startsWith(b, 0x20, 0x01) && (b[2] & 0xfe) == 0) // 2001::/23, Teredo and others
        && !startsWith(b, 0x20, 0x01, 0x0d, 0xb8)
        && !(startsWith(b, 0x3f, 0xff) && (b[2] & 0xf0) == 0);
  }

  private static boolean startsWith(byte[] b, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if ((b[i] & 0xff) != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
