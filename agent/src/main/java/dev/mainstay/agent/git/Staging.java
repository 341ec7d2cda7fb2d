package dev.mainstay.agent.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts a tree's state into an index, with the repository's own ignore rules. A repository inside
 * the tree, which an agent may have made, counts as plain files and never becomes a submodule.
 */
final class Staging {
  private static final int MAX_NESTED = 1000;
  private static final String GITLINK = "160000";

  private final Mirror mirror;
  private final Path tree;
  private final Path index;
  private final Map<String, String> environment;

  /**
   * @param index made here as a copy of the run's own, which stays as it is
   * @param environment where new objects go
   */
  Staging(Mirror mirror, Path tree, Path index, Map<String, String> environment) {
    this.mirror = mirror;
    this.tree = tree;
    this.index = index;
    this.environment = environment;
  }

  GitCommand git(String... arguments) {
    return mirror
        .git(arguments)
        .tree(tree, index)
        .env(environment)
        .maxFileBytes(mirror.settings().maxCheckoutBytes());
  }

  void stage(Path original, String baseCommit)
      throws GitException, InterruptedException, IOException {
    // The time of the copy matters: git takes younger entries of an index for unsure.
    Files.copy(original, index, StandardCopyOption.COPY_ATTRIBUTES);
    List<String> untracked = new ArrayList<>();
    List<String> changed = new ArrayList<>();
    list(changed, untracked);
    checkSize(changed, untracked);
    if (!changed.isEmpty()) {
      git("add", "--update", "--", ".").output();
    }
    if (!untracked.isEmpty()) {
      String input = String.join("\0", untracked) + "\0";
      git("update-index", "--add", "--remove", "--replace", "-z", "--stdin")
          .inputBytes(input)
          .output();
    }
    restoreSubmodules(baseCommit);
  }

  private void list(List<String> changed, List<String> untracked)
      throws GitException, InterruptedException {
    List<String> nested = new ArrayList<>();
    String listed =
        git("ls-files", "-t", "-z", "-m", "-d", "-o", "--exclude-standard", "--full-name")
            .output(GitCommand::bytes);
    for (String entry : entries(listed)) {
      String path = entry.substring(2);
      if (entry.charAt(0) != '?') {
        changed.add(path);
      } else if (path.endsWith("/")) {
        nested.add(path);
      } else {
        untracked.add(path);
      }
    }
    for (int i = 0; i < nested.size(); i++) {
      if (i == MAX_NESTED) {
        throw new GitException(
            "git_failed",
            "There are more than " + MAX_NESTED + " repositories in the tree.",
            false);
      }
      String prefix = nested.get(i);
      for (String path : entries(listNested(prefix))) {
        (path.endsWith("/") ? nested : untracked).add(prefix + path);
      }
    }
  }

  /** As if the nested repository were a tree of its own, in which nothing is tracked. */
  private String listNested(String prefix) throws GitException, InterruptedException {
    Path inner =
        file(prefix)
            .orElseThrow(
                () ->
                    new GitException(
                        "git_failed",
                        "A repository in the tree has a name that this system cannot express.",
                        false));
    if (!Files.isDirectory(inner, LinkOption.NOFOLLOW_LINKS)) {
      return "";
    }
    return mirror
        .git("ls-files", "-z", "-o", "--exclude-standard")
        .tree(inner, index.resolveSibling(index.getFileName() + ".none"))
        .output(GitCommand::bytes);
  }

  /** Each entry ends with a NUL. */
  private static List<String> entries(String text) {
    return text.isEmpty()
        ? List.of()
        : List.of(text.substring(0, text.length() - 1).split("\0", -1));
  }

  private void checkSize(List<String> changed, List<String> untracked)
      throws GitException, IOException {
    long left = mirror.settings().maxCheckoutBytes();
    for (List<String> paths : List.of(changed, untracked)) {
      for (String path : paths) {
        // What cannot be looked at here is still bounded by the limit on git and the commit's
        // check.
        left -= size(file(path));
        if (left < 0) {
          throw new GitException(
              "checkout_too_large",
              "The changed files are larger than %d bytes together; is build output missing in .gitignore?"
                  .formatted(mirror.settings().maxCheckoutBytes()),
              false);
        }
      }
    }
  }

  private static long size(Optional<Path> file) throws IOException {
    try {
      return file.isPresent() && Files.isRegularFile(file.get(), LinkOption.NOFOLLOW_LINKS)
          ? Files.size(file.get())
          : 0;
    } catch (NoSuchFileException e) {
      return 0;
    }
  }

  /** Empty if Java cannot express the name in this locale. */
  private Optional<Path> file(String bytes) {
    String name = new String(bytes.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    try {
      return Optional.of(tree.resolve(name));
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  /** A submodule may be removed; it is never added, nor moved to a commit that only exists here. */
  private void restoreSubmodules(String baseCommit) throws GitException, InterruptedException {
    if (!git("ls-files", "-s", "-z").output(output -> hasSubmodule(output))) {
      return;
    }
    String raw =
        git(
                "diff-index",
                "--cached",
                "--raw",
                "-z",
                "--no-renames",
                "--no-abbrev",
                baseCommit,
                "--")
            .output(GitCommand::bytes);
    StringBuilder input = new StringBuilder();
    List<String> fields = entries(raw);
    for (int i = 0; i + 1 < fields.size(); i += 2) {
      // :oldmode newmode oldid newid status
      String[] words = fields.get(i).split(" ", -1);
      if (words.length == 5 && words[1].equals(GITLINK)) {
        input.append(words[0].substring(1)).append(' ').append(words[2]);
        input.append('\t').append(fields.get(i + 1)).append('\0');
      }
    }
    if (!input.isEmpty()) {
      git("update-index", "-z", "--index-info").inputBytes(input.toString()).output();
    }
  }

  private static boolean hasSubmodule(InputStream output) throws IOException {
    byte[] wanted = ("\0" + GITLINK + " ").getBytes(StandardCharsets.US_ASCII);
    int matched = 1; // as if the first entry followed one
    boolean found = false;
    byte[] buffer = new byte[64 << 10];
    for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
      for (int i = 0; i < n && !found; i++) {
        matched = buffer[i] == wanted[matched] ? matched + 1 : buffer[i] == 0 ? 1 : 0;
        found = matched == wanted.length;
        matched = found ? 0 : matched;
      }
    }
    return found;
  }
}
