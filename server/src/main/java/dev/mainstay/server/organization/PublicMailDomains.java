package dev.mainstay.server.organization;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.stream.Collectors;

/** Domains at which anybody can have an address, from a resource. */
final class PublicMailDomains {
  private static final Set<String> ALL = read();

  private PublicMailDomains() {}

  private static Set<String> read() {
    try (InputStream in = PublicMailDomains.class.getResourceAsStream("public-mail-domains.txt")) {
      if (in == null) {
        throw new IllegalStateException("the list of public mail domains is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .map(String::strip)
          .filter(line -> !line.isEmpty() && !line.startsWith("#"))
          .collect(Collectors.toUnmodifiableSet());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** True for a domain of the list, and for one below it. */
  static boolean has(String domain) {
    for (String rest = domain; ; rest = rest.substring(rest.indexOf('.') + 1)) {
      if (ALL.contains(rest)) {
        return true;
      }
      if (rest.indexOf('.') < 0) {
        return false;
      }
    }
  }
}
