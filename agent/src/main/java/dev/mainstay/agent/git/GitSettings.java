package dev.mainstay.agent.git;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How workspaces are kept.
 *
 * @param root directory of mirrors and working copies; made if it is missing
 * @param name author and committer of the commits
 * @param email of the author and committer
 * @param maxCheckoutBytes the most that a working tree, and one transfer, may hold
 * @param networkTimeout the most that one command which talks to a remote may take
 */
public record GitSettings(
    Path root,
    String name,
    String email,
    long maxCheckoutBytes,
    Duration networkTimeout,
    RepositoryPolicy policy) {

  public GitSettings {
    root = root.toAbsolutePath().normalize();
    if (isUnfit(name) || isUnfit(email)) {
      throw new IllegalArgumentException(
          "the commits' author must have a name and an e-mail address without <, > or line breaks");
    }
    if (maxCheckoutBytes <= 0 || !networkTimeout.isPositive()) {
      throw new IllegalArgumentException("the checkout's size and the time-out must be positive");
    }
  }

  private static boolean isUnfit(String text) {
    return text.isBlank() || text.chars().anyMatch(c -> c < ' ' || c == '<' || c == '>');
  }
}
