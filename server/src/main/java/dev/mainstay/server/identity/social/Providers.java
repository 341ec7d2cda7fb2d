package dev.mainstay.server.identity.social;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The providers at which people may sign in. */
public final class Providers implements AutoCloseable {
  private final Outbound outbound = new Outbound();
  private final Map<String, SocialProvider> byId = new LinkedHashMap<>();

  public Providers(SocialConfig config, InstantSource clock) {
    config.github().ifPresent(client -> add(new GitHubProvider(client, outbound, clock)));
    config.oidc().forEach(client -> add(new OidcProvider(client, outbound, clock)));
  }

  private void add(SocialProvider provider) {
    byId.put(provider.id(), provider);
  }

  public Optional<SocialProvider> find(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  public List<SocialProvider> all() {
    return List.copyOf(byId.values());
  }

  @Override
  public void close() {
    outbound.close();
  }
}
