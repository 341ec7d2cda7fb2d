package dev.mainstay.agent.git;

import dev.mainstay.agent.git.SecretScan.Finding;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads a unified diff without context, as text whatever the files hold, and scans what it adds. A
 * line of any length is read in pieces that overlap, so that memory is bounded and nothing that
 * lies on a border is missed.
 */
final class AddedLines {
  /** More tell nothing new. */
  static final int MAX_FINDINGS = 20;

  private static final int PIECE = 64 << 10;

  /** Longer than any token of a known shape. */
  private static final int OVERLAP = 1024;

  private static final Pattern HUNK =
      Pattern.compile("@@ -\\d+(?:,(\\d+))? \\+(\\d+)(?:,(\\d+))? @@.*", Pattern.DOTALL);

  private final SecretScan scan;
  private final int overlap;
  private final int piece;
  private final List<Finding> findings = new ArrayList<>();
  private String file = "";
  private int removed;
  private int added;
  private int line;

  AddedLines(SecretScan scan) {
    this.scan = scan;
    overlap = Math.max(OVERLAP, scan.longest());
    piece = Math.max(PIECE, 2 * overlap);
  }

  List<Finding> read(InputStream diff) throws IOException {
    InputStream in = new BufferedInputStream(diff, PIECE);
    StringBuilder text = new StringBuilder();
    boolean begins = true;
    boolean adds = false;
    for (int b = in.read(); b >= 0 && findings.size() < MAX_FINDINGS; b = in.read()) {
      boolean ends = b == '\n';
      if (!ends) {
        text.append((char) b);
      }
      if (ends || text.length() == piece) {
        if (begins) {
          adds = begin(text.toString());
        }
        if (adds) {
          check(text.toString());
        }
        begins = ends;
        text.delete(0, ends ? text.length() : text.length() - overlap);
      }
    }
    return findings;
  }

  /** Takes a line of the diff; true if it adds one. */
  private boolean begin(String text) {
    if (removed > 0 && text.startsWith("-")) {
      removed--;
      return false;
    }
    if (added > 0 && text.startsWith("+")) {
      added--;
      line++;
      return true;
    }
    Matcher hunk = HUNK.matcher(text);
    if (hunk.matches()) {
      removed = count(hunk.group(1));
      line = Integer.parseInt(hunk.group(2)) - 1;
      added = count(hunk.group(3));
    } else if (text.startsWith("+++ b/")) {
      // Names are bytes; those that are UTF-8 read as such.
      file =
          new String(
              text.substring("+++ b/".length())
                  .stripTrailing()
                  .getBytes(StandardCharsets.ISO_8859_1),
              StandardCharsets.UTF_8);
      scan.kind(file).ifPresent(this::nameHolds);
    }
    return false;
  }

  /** From here on the name must not be told either. */
  private void nameHolds(String kind) {
    file = "a file whose name holds a secret";
    findings.add(new Finding(file, 0, kind));
  }

  private static int count(@Nullable String number) {
    return number == null ? 1 : Integer.parseInt(number);
  }

  private void check(String text) {
    scan.kind(text)
        .map(kind -> new Finding(file, line, kind))
        .filter(finding -> findings.isEmpty() || !findings.getLast().equals(finding))
        .ifPresent(findings::add);
  }
}
