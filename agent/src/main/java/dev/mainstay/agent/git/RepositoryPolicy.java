package dev.mainstay.agent.git;

import dev.mainstay.agent.git.RepositoryUrl.Scheme;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which repositories may be used: {@code https://} hosts, plain {@code http://} only for listed
 * ones, local paths only below listed directories. Nothing else gets as far as git, whose own list
 * of transports includes ones that run commands.
 *
 * @param allowedHosts {@code host} or {@code host:port}, in lower case
 * @param localRoots directories below which a path may point
 */
public record RepositoryPolicy(Set<String> allowedHosts, List<Path> localRoots) {
  private static final int MAX_LENGTH = 2000;
  private static final Pattern NUMBER = Pattern.compile("[0-9]+|0x[0-9a-f]*");
  private static final Pattern DOTTED_QUAD =
      Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");
  private static final Pattern HOST =
      Pattern.compile("[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\\[[0-9a-f:.]+]");

  public RepositoryPolicy {
    allowedHosts = Set.copyOf(allowedHosts);
    localRoots = List.copyOf(localRoots);
  }

  public RepositoryUrl parse(String text) throws IllegalRepositoryException {
    if (text.isBlank() || text.length() > MAX_LENGTH) {
      throw new IllegalRepositoryException("must have 1 to " + MAX_LENGTH + " characters");
    }
    if (text.startsWith("-") || text.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
      throw new IllegalRepositoryException(
          "must not begin with a dash or contain spaces or control characters");
    }
    return text.startsWith("/") || text.toLowerCase(Locale.ROOT).startsWith("file:")
        ? local(text)
        : remote(text);
  }

  private RepositoryUrl remote(String text) throws IllegalRepositoryException {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new IllegalRepositoryException("is not a URL");
    }
    String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
    if (!scheme.equals("https") && !scheme.equals("http")) {
      throw new IllegalRepositoryException("must begin with https://");
    }
    if (uri.getRawUserInfo() != null
        || (uri.getRawAuthority() != null && uri.getRawAuthority().contains("@"))) {
      throw new IllegalRepositoryException("must not contain credentials");
    }
    String name = uri.getHost() == null ? "" : uri.getHost().toLowerCase(Locale.ROOT);
    if (!HOST.matcher(name).matches() || uri.getPort() == 0 || uri.getPort() > 65535) {
      throw new IllegalRepositoryException("has no valid host");
    }
    if (isUnusualNumber(name)) {
      throw new IllegalRepositoryException(
          "has an address that is not written as four decimal numbers");
    }
    if (uri.getRawQuery() != null || uri.getRawFragment() != null || uri.getPath().length() < 2) {
      throw new IllegalRepositoryException("must have a path, and neither query nor fragment");
    }
    String host = uri.getPort() == -1 ? name : name + ":" + uri.getPort();
    if (scheme.equals("http") && !allows(host)) {
      throw new IllegalRepositoryException(
          "uses plain http://, which is allowed only for hosts listed in MAINSTAY_ALLOWED_HOSTS");
    }
    if (!allows(host) && isPrivateLiteral(name)) {
      throw new IllegalRepositoryException(
          "is at an address that is not public; the operator can list it in MAINSTAY_ALLOWED_HOSTS");
    }
    return new RepositoryUrl(
        scheme + "://" + host + uri.getRawPath(),
        scheme.equals("https") ? Scheme.HTTPS : Scheme.HTTP,
        host);
  }

  /**
   * Programs differ in how they read {@code 2130706433}, {@code 0x7f.1} or {@code 0177.0.0.1}, so
   * what is checked might not be what is dialled. Names end in a label that is no number.
   */
  private static boolean isUnusualNumber(String host) {
    String last = host.substring(host.lastIndexOf('.') + 1);
    return NUMBER.matcher(last).matches() && !DOTTED_QUAD.matcher(host).matches();
  }

  /** What a name stands for is found out when it is dialled; an address can be told at once. */
  private static boolean isPrivateLiteral(String host) {
    boolean literal = host.startsWith("[") || DOTTED_QUAD.matcher(host).matches();
    try {
      return literal && !Addresses.isPublic(InetAddress.ofLiteral(host.replaceAll("[\\[\\]]", "")));
    } catch (IllegalArgumentException e) {
      return true;
    }
  }

  /** True if the operator listed the host, so that it may be at a private address. */
  public boolean allows(String host) {
    return allowedHosts.contains(host) || allowedHosts.contains(host.replaceFirst(":[0-9]+$", ""));
  }

  private RepositoryUrl local(String text) throws IllegalRepositoryException {
    if (localRoots.isEmpty()) {
      throw new IllegalRepositoryException(
          "is a local path, and no directory is listed in MAINSTAY_LOCAL_REPOS");
    }
    try {
      Path path = text.startsWith("/") ? Path.of(text) : Path.of(new URI(text));
      Path real = path.toRealPath();
      for (Path root : localRoots) {
        if (real.startsWith(root.toRealPath())) {
          return new RepositoryUrl(real.toString(), Scheme.LOCAL, "");
        }
      }
    } catch (IOException | URISyntaxException | InvalidPathException e) {
      throw new IllegalRepositoryException("is not a repository that can be read");
    } catch (IllegalArgumentException e) {
      throw new IllegalRepositoryException("is not a local path");
    }
    throw new IllegalRepositoryException("is not below a directory listed in MAINSTAY_LOCAL_REPOS");
  }
}
