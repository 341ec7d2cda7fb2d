package dev.mainstay.server.platform.http;

import java.util.Optional;
import java.util.Set;

/** Turns a credential into a principal. */
public interface Authenticator {

  /** The cookie that carries a session. */
  String SESSION_COOKIE = "mainstay_session";

  /**
   * @param token an API key or a session token
   * @param byCookie it came in {@link #SESSION_COOKIE}
   * @return empty if it is not valid now
   */
  Optional<Principal> authenticate(String token, boolean byCookie);

  /** Those of the credentials that are valid now, by {@link Principal#credentialId}. */
  Set<String> valid(Set<String> credentialIds);
}
