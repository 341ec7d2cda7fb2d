package dev.mainstay.server.platform.http;

import java.time.Duration;
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

  /** Who stands behind those of the credentials that are valid now. */
  List<Principal> valid(Set<String> credentialIds);
}
