package dev.mainstay.queue.redis;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Text as Redis has it. */
final class Utf8 {
  private Utf8() {}

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static Map<String, String> texts(Map<byte[], byte[]> map) {
    Map<String, String> texts = LinkedHashMap.newLinkedHashMap(map.size());
    map.forEach((name, value) -> texts.put(text(name), text(value)));
    return texts;
  }
}
