package dev.mainstay.agent.git;

import dev.mainstay.agent.git.GitCredentials.Credential;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One line of a file in the format of git-credential-store(1).
 *
 * @param host with the port, if the line has one
 * @param path empty, or the start of the repository's path in whole segments
 */
record StoredCredential(String scheme, String host, String path, Credential credential) {

  /** Lines that are no credential are passed over, as git does. */
  static List<StoredCredential> parse(String text) {
    List<StoredCredential> entries = new ArrayList<>();
    for (String line : text.lines().toList()) {
      parseLine(line.strip()).ifPresent(entries::add);
    }
    return List.copyOf(entries);
  }

  private static Optional<StoredCredential> parseLine(String line) {
    if (line.isEmpty() || line.startsWith("#")) {
      return Optional.empty();
    }
    try {
      URI uri = new URI(line);
      String authority = uri.getRawAuthority();
      String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
      if (authority == null || !(scheme.equals("https") || scheme.equals("http"))) {
        return Optional.empty();
      }
      int at = authority.lastIndexOf('@');
      int colon = authority.indexOf(':');
      if (at < 0 || colon < 0 || colon > at) {
        return Optional.empty();
      }
      String path = uri.getRawPath().replaceFirst("/+$", "");
      return Optional.of(
          new StoredCredential(
              scheme,
              authority.substring(at + 1).toLowerCase(Locale.ROOT),
              path,
              new Credential(
                  decode(authority.substring(0, colon)),
                  decode(authority.substring(colon + 1, at)))));
    } catch (URISyntaxException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /** A plus sign stands for itself here, other than in a form. */
  private static String decode(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  boolean matches(RepositoryUrl url) {
    URI uri = URI.create(url.text());
    if (!scheme.equals(uri.getScheme()) || !withPort(host).equals(withPort(url.host()))) {
      return false;
    }
    String wanted = uri.getRawPath();
    return path.isEmpty()
        || wanted.equals(path)
        || wanted.equals(path + ".git")
        || wanted.startsWith(path + "/");
  }

  private String withPort(String text) {
    boolean hasPort = text.matches(".*:[0-9]+");
    return hasPort ? text : text + (scheme.equals("https") ? ":443" : ":80");
  }

  @Override
  public String toString() {
    return "StoredCredential[" + scheme + "://" + host + path + "]";
  }
}
