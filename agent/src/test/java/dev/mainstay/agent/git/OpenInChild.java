package dev.mainstay.agent.git;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Opens one workspace, in a process that may be killed while it does. */
final class OpenInChild {
  private OpenInChild() {}

  /**
   * @param args root, URL, host, run's id
   */
  public static void main(String[] args) throws Exception {
    RepositoryPolicy policy = new RepositoryPolicy(Set.of(args[2]), List.of());
    GitSettings settings =
        new GitSettings(
            Path.of(args[0]),
            "Mainstay",
            "agent@example.org",
            GitFixture.MAX_BYTES,
            Duration.ofSeconds(60),
            policy);
    GitCredentials credentials =
        url -> Optional.of(new GitCredentials.Credential(GitFixture.USER, GitFixture.TOKEN));
    new GitWorkspaces(settings, credentials)
        .open(new Workspaces.Request("org", args[3], policy.parse(args[1]), "", ""), line -> {});
  }
}
