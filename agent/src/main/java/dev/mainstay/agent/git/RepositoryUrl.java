package dev.mainstay.agent.git;

/**
 * A repository's address that has passed a {@link RepositoryPolicy}.
 *
 * @param text as git gets it; never with credentials
 * @param host with its port if one is given; empty for a local path
 */
public record RepositoryUrl(String text, Scheme scheme, String host) {

  /** How the repository is reached. */
  public enum Scheme {
    HTTPS,
    HTTP,
    LOCAL
  }
}
