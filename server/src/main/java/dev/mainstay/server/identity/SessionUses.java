package dev.mainstay.server.identity;

import dev.mainstay.server.platform.http.Principal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Puts off the end of sessions that are used. Each process remembers when it has to look at a
 * session again, so that most requests ask the database nothing.
 */
final class SessionUses {
  /**
   * Sessions that are remembered; of more, those that were used least lately are looked at again.
   */
  private static final int MAX_SESSIONS = 10_000;

  private final Sessions sessions;
  private final InstantSource clock;

  /** By the ids of sessions; guarded by itself. */
  private final Map<String, Instant> next =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Instant> eldest) {
          return size() > MAX_SESSIONS;
        }
      };

  SessionUses(Sessions sessions, InstantSource clock) {
    this.sessions = sessions;
    this.clock = clock;
  }

  /**
   * A session is used.
   *
   * @return how long it goes on, if its end was put off now
   */
  Optional<Duration> used(Principal principal) {
    Instant now = clock.instant();
    String id = principal.credentialId();
    synchronized (next) {
      Instant due = next.get(id);
      if (due != null && now.isBefore(due)) {
        return Optional.empty();
      }
    }
    Optional<Session> session = sessions.current(principal);
    Optional<Sessions.Opened> prolonged = session.flatMap(one -> sessions.prolong(one, ""));
    session.ifPresent(
        one -> {
          Instant updated =
              prolonged.map(opened -> opened.session().updatedAt()).orElse(one.updatedAt());
          Instant due = one.remembered() ? Sessions.nextProlonging(updated) : one.expiresAt();
          synchronized (next) {
            next.put(id, due);
          }
        });
    return prolonged.flatMap(Sessions.Opened::cookieLife);
  }
}
