package dev.mainstay.agent.git;

import dev.mainstay.agent.git.RepositoryUrl.Scheme;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Credentials from the configuration: a token for github.com, and a file in the format of
 * git-credential-store(1) for all hosts. The file is read again when it has changed.
 */
public final class ConfiguredCredentials implements GitCredentials {
  private static final long MAX_FILE_BYTES = 1 << 20;
  private static final Set<PosixFilePermission> OTHERS =
      Set.of(
          PosixFilePermission.GROUP_READ,
          PosixFilePermission.GROUP_WRITE,
          PosixFilePermission.OTHERS_READ,
          PosixFilePermission.OTHERS_WRITE);

  private final Optional<Credential> github;
  private final Optional<Path> file;
  private @Nullable Loaded loaded;

  private record Loaded(FileTime modified, long size, List<StoredCredential> entries) {}

  /**
   * @param githubToken for github.com
   * @param file lines {@code https://user:password@host/path}, readable by its owner alone
   */
  public ConfiguredCredentials(Optional<String> githubToken, Optional<Path> file) {
    this.github =
        githubToken
            .map(String::strip)
            .filter(token -> !token.isEmpty())
            .map(token -> new Credential("x-access-token", token));
    this.file = file;
  }

  @Override
  public Optional<Credential> find(RepositoryUrl url) throws GitException {
    if (url.scheme() == Scheme.LOCAL) {
      return Optional.empty();
    }
    if (file.isPresent()) {
      for (StoredCredential entry : entries(file.get())) {
        if (entry.matches(url)) {
          return Optional.of(entry.credential());
        }
      }
    }
    boolean isGithub =
        url.scheme() == Scheme.HTTPS
            && (url.host().equals("github.com") || url.host().equals("github.com:443"));
    return isGithub ? github : Optional.empty();
  }

  /** Every password and token, so that none of them leaves in a commit. */
  public List<String> secrets() throws GitException {
    List<String> secrets = new ArrayList<>();
    github.ifPresent(credential -> secrets.add(credential.password()));
    if (file.isPresent()) {
      entries(file.get()).forEach(entry -> secrets.add(entry.credential().password()));
    }
    return secrets;
  }

  private synchronized List<StoredCredential> entries(Path path) throws GitException {
    try {
      FileTime modified = Files.getLastModifiedTime(path);
      long size = Files.size(path);
      Loaded known = loaded;
      if (known == null || !known.modified().equals(modified) || known.size() != size) {
        check(path, size);
        known = new Loaded(modified, size, StoredCredential.parse(Files.readString(path)));
        loaded = known;
      } else {
        check(path, size);
      }
      return known.entries();
    } catch (IOException e) {
      throw refused(
          "cannot be read (" + e.getClass().getSimpleName() + "); it must be a text file in UTF-8");
    }
  }

  private static void check(Path path, long size) throws IOException, GitException {
    if (size > MAX_FILE_BYTES) {
      throw refused("is larger than " + MAX_FILE_BYTES + " bytes");
    }
    if (path.getFileSystem().supportedFileAttributeViews().contains("posix")
        && Files.getPosixFilePermissions(path).stream().anyMatch(OTHERS::contains)) {
      throw refused("may be read by other users; run chmod 600 on it");
    }
  }

  private static GitException refused(String why) {
    return new GitException(
        "authentication_failed",
        "The file that MAINSTAY_GIT_CREDENTIALS names " + why + ".",
        false);
  }
}
