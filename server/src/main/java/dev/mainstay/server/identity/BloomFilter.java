package dev.mainstay.server.identity;

import dev.mainstay.server.platform.Ids;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import java.util.Collection;
import java.util.function.IntConsumer;

/**
 * A set of words that takes 29 bits for each and takes one of a million others for its own (B. H.
 * Bloom, Space/time trade-offs in hash coding with allowable errors, 1970).
 */
final class BloomFilter {
  private static final int BITS_PER_WORD = 29;
  private static final int HASHES = 20;

  private final BitSet bits;
  private final int size;

  BloomFilter(Collection<String> words) {
    size = Math.max(64, words.size() * BITS_PER_WORD);
    bits = new BitSet(size);
    words.forEach(word -> positions(word, bits::set));
  }

  boolean mayContain(String word) {
    boolean[] all = {true};
    positions(word, position -> all[0] &= bits.get(position));
    return all[0];
  }

  /** Two hashes make as many as are needed (Kirsch and Mitzenmacher, 2006). */
  private void positions(String word, IntConsumer each) {
    ByteBuffer hash = ByteBuffer.wrap(Ids.sha256(word.getBytes(StandardCharsets.UTF_8)));
    long first = hash.getLong();
    long second = hash.getLong();
    for (int i = 0; i < HASHES; i++) {
      each.accept((int) Long.remainderUnsigned(first + i * second, size));
    }
  }
}
