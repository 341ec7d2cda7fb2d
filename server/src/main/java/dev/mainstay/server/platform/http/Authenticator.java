package dev.mainstay.server.platform.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns a credential into a principal. */
public interface Authenticator {

  /**
   * @param token an API key or a session token
   * @param byCookie it came in the {@link SessionCookie}
   * @param organization id or slug of the organization that the request names; empty for the one in
   *     which the credential acts by itself
   * @return empty if it is not valid now
   * @throws dev.mainstay.server.platform.ProblemException 403 if the caller is not a member of the
   *     organization that is named
   */
  Optional<Principal> authenticate(String token, boolean byCookie, Optional<String> organization);

  /** As {@link #authenticate(String, boolean, Optional)}, with no organization named. */
  default Optional<Principal> authenticate(String token, boolean byCookie) {
    return authenticate(token, byCookie, Optional.empty());
  }

  /**
   * What has become of callers.
   *
   * @return each of them whose credential is still valid in the organization where it acts, with
   *     what the caller is and may do now
   */
  Map<Principal, Principal> current(Set<Principal> callers);

  /**
   * A session is used: its end is put off, at most once a day.
   *
   * @return for how long a browser is to keep its cookie, if the end was put off
   */
  Optional<Duration> prolong(Principal session);

  /**
   * Refuses a session whose user has not signed in lately.
   *
   * @throws dev.mainstay.server.platform.ProblemException 403
   */
  void requireFresh(Principal session);
}
