package dev.mainstay.server.platform.http;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns a credential into a principal. */
public interface Authenticator {

  /**
   * @param token an API key or a session token
   * @param byCookie it came in the {@link SessionCookie}
   * @return empty if it is not valid now
   */
  Optional<Principal> authenticate(String token, boolean byCookie);

  /**
   * Those of the credentials that are valid now, by {@link Principal#credentialId}, with the
   * organizations in which they act.
   */
  Map<String, String> valid(Set<String> credentialIds);
}
