package dev.mainstay.agent.git;

import dev.mainstay.agent.git.RepositoryUrl.Scheme;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;

/**
 * Keeps repositories' addresses from reaching the server's own network: a host is looked up once,
 * every address of it must be public, and git is made to dial those that were looked at.
 */
final class HostGuard {
  private static final Duration LOOKUP = Duration.ofSeconds(10);

  private final RepositoryPolicy policy;
  private final Resolver resolver;

  /** Looks a name up. */
  @FunctionalInterface
  interface Resolver {
    InetAddress[] resolve(String host) throws UnknownHostException;
  }

  HostGuard(RepositoryPolicy policy, Resolver resolver) {
    this.policy = policy;
    this.resolver = resolver;
  }

  /**
   * @return a value for {@code http.curloptResolve}; empty where any address is allowed
   */
  Optional<String> pin(RepositoryUrl url) throws GitException, InterruptedException {
    if (url.scheme() == Scheme.LOCAL || policy.allows(url.host())) {
      return Optional.empty();
    }
    URI uri = URI.create(url.text());
    String host = uri.getHost();
    InetAddress[] addresses = resolve(host);
    for (InetAddress address : addresses) {
      if (!Addresses.isPublic(address)) {
        throw new GitException(
            "repository_refused",
            "repoUrl is at an address that is not public; the operator can list its host in MAINSTAY_ALLOWED_HOSTS",
            false);
      }
    }
    if (host.startsWith("[")) {
      return Optional.empty(); // nothing to look up again
    }
    int port = uri.getPort() != -1 ? uri.getPort() : url.scheme() == Scheme.HTTPS ? 443 : 80;
    String dialled =
        Arrays.stream(addresses).map(HostGuard::literal).collect(Collectors.joining(","));
    return Optional.of(host + ":" + port + ":" + dialled);
  }

  private static String literal(InetAddress address) {
    String text = address.getHostAddress().replaceFirst("%.*", "");
    return address instanceof Inet6Address ? "[" + text + "]" : text;
  }

  private InetAddress[] resolve(String host) throws GitException, InterruptedException {
    CompletableFuture<InetAddress[]> lookup = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                lookup.complete(resolver.resolve(host));
              } catch (UnknownHostException | RuntimeException e) {
                lookup.completeExceptionally(e);
              }
            });
    try {
      InetAddress[] addresses = lookup.get(LOOKUP.toMillis(), TimeUnit.MILLISECONDS);
      if (addresses.length > 0) {
        return addresses;
      }
    } catch (ExecutionException | TimeoutException e) {
      // Said below: the name may be wrong, or the name service away.
    }
    throw new GitException("clone_failed", "The host " + host + " cannot be found.", true);
  }
}
