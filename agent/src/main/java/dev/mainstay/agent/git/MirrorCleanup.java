package dev.mainstay.agent.git;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets mirrors forget runs that are gone, and removes mirrors that nobody needs any more. */
final class MirrorCleanup {
  private static final Logger log = LoggerFactory.getLogger(MirrorCleanup.class);
  private static final String SUFFIX = ".git";
  private static final int BATCH = 500;

  private final Layout layout;
  private final Git git;
  private final Locks locks;
  private final Trash trash;

  MirrorCleanup(Layout layout, Git git, Locks locks, Trash trash) {
    this.layout = layout;
    this.git = git;
    this.locks = locks;
    this.trash = trash;
  }

  /**
   * @param existing of some runs, those that still exist
   * @param before a mirror that was used later stays
   * @return how many mirrors were removed
   */
  int run(Function<List<String>, Set<String>> existing, Instant before)
      throws InterruptedException {
    int removed = 0;
    for (String key : keys()) {
      try {
        if (forget(key, existing) && isOld(key, before) && remove(key, before)) {
          removed++;
        }
      } catch (IOException | GitException e) {
        log.warn("The mirror {} cannot be cleaned up yet: {}", key, e.getMessage());
      }
    }
    return removed;
  }

  private List<String> keys() {
    try (Stream<Path> names = Files.list(layout.mirrors())) {
      return names
          .map(path -> path.getFileName().toString())
          .filter(name -> name.endsWith(SUFFIX))
          .map(name -> name.substring(0, name.length() - SUFFIX.length()))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * @return true if no run is left
   */
  private boolean forget(String key, Function<List<String>, Set<String>> existing)
      throws GitException, InterruptedException {
    List<String> runs = runs(key);
    boolean none = true;
    for (int from = 0; from < runs.size(); from += BATCH) {
      List<String> some = runs.subList(from, Math.min(runs.size(), from + BATCH));
      Set<String> kept = existing.apply(some);
      none &= kept.isEmpty();
      String deletions =
          some.stream()
              .filter(run -> !kept.contains(run))
              .map(run -> "delete " + Mirror.runRef(run) + "\n")
              .collect(Collectors.joining());
      if (!deletions.isEmpty()) {
        git.command(layout.mirror(key), "update-ref", "--stdin").inputBytes(deletions).output();
      }
    }
    return none;
  }

  private List<String> runs(String key) throws GitException, InterruptedException {
    String prefix = Mirror.runRef("");
    return git.command(layout.mirror(key), "for-each-ref", "--format=%(refname)", prefix)
        .output()
        .lines()
        .map(name -> name.substring(prefix.length()))
        .toList();
  }

  /** Under both locks nobody fetches, and nobody begins to use it, see {@link Mirror#create}. */
  private boolean remove(String key, Instant before)
      throws GitException, InterruptedException, IOException {
    try (Locks.Held fetching = locks.take(layout.mirrorLock(key));
        Locks.Held beginning = locks.take(layout.mirrorUseLock(key))) {
      if (!isOld(key, before) || !runs(key).isEmpty()) {
        return false;
      }
      trash.delete(layout.mirror(key));
      fetching.forget();
      beginning.forget();
      return true;
    }
  }

  private boolean isOld(String key, Instant before) throws IOException {
    return Files.getLastModifiedTime(layout.mirror(key)).toInstant().isBefore(before);
  }
}
