package dev.mainstay.server.platform.http;

import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.Settings;

/**
 * How many streams may be open at once in this process.
 *
 * @param credential by one session or key; all those of one person may have {@link #PERSON} times
 *     as many
 * @param organization in one organization
 * @param server in all
 */
public record StreamLimits(int credential, int organization, int server) {
  static final int PERSON = 4;

  /** One takes some 40 kB of the heap, and more while its reader is slow. */
  private static final long HEAP_BYTES = 128 * 1024;

  private static final int MOST = 1_000_000;

  public static StreamLimits from(Settings settings) {
    int server =
        settings
            .text(Setting.STREAMS)
            .map(text -> settings.number(Setting.STREAMS, 1, MOST))
            .orElseGet(() -> fitting(Runtime.getRuntime().maxMemory()));
    int organization =
        settings
            .text(Setting.STREAMS_PER_ORGANIZATION)
            .map(text -> settings.number(Setting.STREAMS_PER_ORGANIZATION, 1, MOST))
            .orElse(Math.max(1, server / 2));
    return new StreamLimits(
        settings.number(Setting.STREAMS_PER_CREDENTIAL, 1, MOST), organization, server);
  }

  /** What fits a heap of this size. */
  static int fitting(long heapBytes) {
    return Math.clamp(heapBytes / HEAP_BYTES, 100, MOST);
  }
}
