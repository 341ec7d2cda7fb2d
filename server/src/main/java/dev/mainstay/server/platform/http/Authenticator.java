package dev.mainstay.server.platform.http;

import java.util.List;
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

  /** Who stands behind those of the credentials that are valid now. */
  List<Principal> valid(Set<String> credentialIds);
}
