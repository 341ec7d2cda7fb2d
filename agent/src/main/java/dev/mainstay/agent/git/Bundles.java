package dev.mainstay.agent.git;

import java.nio.file.Path;
import java.util.Optional;

/** One run's commit on its way to another machine: what it adds to its base, as a Git bundle. */
final class Bundles {
  private final Mirror mirror;

  Bundles(Mirror mirror) {
    this.mirror = mirror;
  }

  Optional<byte[]> write(String runId, String base, String commit, int maxBytes)
      throws GitException, InterruptedException {
    // A bundle is made of names; the run's own is set to the commit that it holds.
    mirror.setRun(runId, commit);
    GitCommand.Result<byte[]> result =
        mirror
            .git("bundle", "create", "--quiet", "-", Mirror.runRef(runId), "^" + base)
            .run(output -> output.readNBytes(maxBytes + 1));
    if (result.output().length > maxBytes) {
      return Optional.empty();
    }
    if (!result.succeeded()) {
      throw GitErrors.local("bundle", result);
    }
    return Optional.of(result.output());
  }

  /** Takes a bundle's objects in, and looks whether they are what they are said to be. */
  void read(Path file, String base, String commit) throws GitException, InterruptedException {
    mirror.git("bundle", "unbundle", file.toString()).output();
    if (mirror.commit(commit).isEmpty() || mirror.parent(commit).filter(base::equals).isEmpty()) {
      throw new GitException(
          "git_failed", "The run's saved work is not a commit on top of its base", false);
    }
  }
}
