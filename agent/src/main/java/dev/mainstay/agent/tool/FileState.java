package dev.mainstay.agent.tool;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What is at a path, in a few words: enough to tell whether a file tool has changed it. */
final class FileState {
  static final String ABSENT = "absent";
  private static final String NOT_A_FILE = "not a file";

  /** A file tool writes no larger file, so that what lies beyond cannot be its work. */
  private static final int HASHED = WriteTool.MAX_BYTES;

  private FileState() {}

  /** The state of what is at the path now: its size and the hash of its first 10 MiB. */
  static String of(WorkspaceFiles files, WorkspacePath path) {
    try (Pinned pinned = files.pin(path)) {
      BasicFileAttributes attributes = pinned.attributes();
      if (!attributes.isRegularFile()) {
        return NOT_A_FILE;
      }
      MessageDigest digest = sha256();
      try (InputStream in = WorkspaceFiles.open(pinned, path.toString())) {
        byte[] buffer = new byte[64 << 10];
        int left = HASHED;
        int count = in.read(buffer, 0, Math.min(buffer.length, left));
        while (count > 0) {
          digest.update(buffer, 0, count);
          left -= count;
          count = in.read(buffer, 0, Math.min(buffer.length, left));
        }
      }
      return file(attributes.size(), digest);
    } catch (ToolFailure | IOException e) {
      return ABSENT;
    }
  }

  /** The state of a file that holds {@code content}, at most 10 MiB. */
  static String of(byte[] content) {
    MessageDigest digest = sha256();
    digest.update(content);
    return file(content.length, digest);
  }

  private static String file(long size, MessageDigest digest) {
    return "file " + size + " " + HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
