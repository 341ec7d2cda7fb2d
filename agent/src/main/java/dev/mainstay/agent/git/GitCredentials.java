package dev.mainstay.agent.git;

import java.util.Optional;

/** Where credentials come from. Asked anew for every fetch and push, so that they may expire. */
public interface GitCredentials {

  /**
   * @throws GitException {@code authentication_failed} if there are credentials that cannot be used
   */
  Optional<Credential> find(RepositoryUrl url) throws GitException;

  /** No credentials: public repositories only. */
  static GitCredentials none() {
    return url -> Optional.empty();
  }

  /** A user name with its password or token. */
  record Credential(String user, String password) {
    public Credential {
      if (hasLineBreak(user) || hasLineBreak(password)) {
        throw new IllegalArgumentException("a credential must not contain line breaks");
      }
    }

    private static boolean hasLineBreak(String text) {
      return text.chars().anyMatch(c -> c == '\n' || c == '\r' || c == 0);
    }

    @Override
    public String toString() {
      return "Credential[redacted]";
    }
  }
}
