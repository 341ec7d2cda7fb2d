package dev.mainstay.server.identity;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The passwords that are tried first, from published breaches; no network is asked. */
final class CommonPasswords {
  private static final String LIST = "common-passwords.txt";

  /** Read when the first password is set. */
  private static final class Holder {
    static final BloomFilter ALL = new BloomFilter(read());
  }

  private CommonPasswords() {}

  /** Whatever the case. */
  static boolean contain(String password) {
    return Holder.ALL.mayContain(
        Normalizer.normalize(password, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT));
  }

  private static List<String> read() {
    try (InputStream in =
            Objects.requireNonNull(CommonPasswords.class.getResourceAsStream(LIST), LIST);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return lines.lines().filter(line -> !line.startsWith("#")).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
