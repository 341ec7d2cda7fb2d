package dev.mainstay.agent.git;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** Unified diffs for people, and the hash that an approval is bound to. */
final class Diffs {
  private static final List<String> PLAIN =
      List.of(
          "--patch",
          "--full-index",
          "--no-color",
          "--no-ext-diff",
          "--no-textconv",
          "--unified=3",
          "--diff-algorithm=myers",
          "--src-prefix=a/",
          "--dst-prefix=b/",
          "--ignore-submodules=none",
          "--submodule=short");

  private Diffs() {}

  static String[] arguments(List<String> command, List<String> options, List<String> revisions) {
    List<String> all = new ArrayList<>(command);
    all.addAll(PLAIN);
    all.addAll(options);
    all.addAll(revisions);
    return all.toArray(String[]::new);
  }

  /**
   * Binary files count by the full ids of their contents, which the diff's index lines name, so the
   * hash does not depend on how a version of git compresses.
   */
  static String hash(Mirror mirror, String base, String commit)
      throws GitException, InterruptedException {
    String[] arguments =
        arguments(List.of("diff-tree", "-r"), List.of("--no-renames"), List.of(base, commit, "--"));
    return mirror.git(arguments).output(output -> HexFormat.of().formatHex(digest(output)));
  }

  private static byte[] digest(InputStream output) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[64 << 10];
      for (int n = output.read(buffer); n >= 0; n = output.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads at most so many bytes; what is left out is said in a last line. */
  static String read(GitCommand command, int maxBytes) throws GitException, InterruptedException {
    GitCommand.Result<byte[]> result = command.run(output -> output.readNBytes(maxBytes + 1));
    byte[] bytes = result.output();
    if (bytes.length <= maxBytes) {
      if (!result.succeeded()) {
        throw GitErrors.local("diff", result);
      }
      return new String(bytes, StandardCharsets.UTF_8);
    }
    int end = maxBytes;
    while (end > 0 && bytes[end - 1] != '\n') {
      end--;
    }
    return new String(Arrays.copyOf(bytes, end), StandardCharsets.UTF_8)
        + "\\ The diff is cut off here: it is larger than "
        + maxBytes
        + " bytes.\n";
  }
}
