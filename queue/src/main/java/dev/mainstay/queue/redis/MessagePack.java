package dev.mainstay.queue.redis;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Writes MessagePack (<a href="https://github.com/msgpack/msgpack/blob/master/spec.md">its
 * specification</a>) as far as the scripts need it, which read it with Redis' {@code cmsgpack}:
 * null, {@code Boolean}, {@code Integer}, {@code Long}, {@code Double}, {@code String}, {@code
 * List} and {@code Map}.
 */
final class MessagePack {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);

  private MessagePack() {}

  /**
   * @throws IllegalArgumentException a value is of another type
   */
  static byte[] encode(@Nullable Object value) {
    MessagePack message = new MessagePack();
    message.write(value);
    return message.bytes.toByteArray();
  }

  private void write(@Nullable Object value) {
    switch (value) {
      case null -> bytes.write(0xc0);
      case Boolean truth -> bytes.write(truth ? 0xc3 : 0xc2);
      case Integer number -> write(number.longValue());
      case Long number -> write(number.longValue());
      case Double number -> {
        bytes.write(0xcb);
        bytes.writeBytes(ByteBuffer.allocate(Double.BYTES).putDouble(number).array());
      }
      case String text -> write(text);
      case List<?> list -> write(list);
      case Map<?, ?> map -> write(map);
      default ->
          throw new IllegalArgumentException(
              "%s cannot be written as MessagePack".formatted(value.getClass()));
    }
  }

  private void write(long number) {
    if (number >= -0x20 && number < 0x80) {
      bytes.write((int) number);
    } else if (number >= Byte.MIN_VALUE && number <= Byte.MAX_VALUE) {
      head(0xd0, number, Byte.BYTES);
    } else if (number >= Short.MIN_VALUE && number <= Short.MAX_VALUE) {
      head(0xd1, number, Short.BYTES);
    } else if (number >= Integer.MIN_VALUE && number <= Integer.MAX_VALUE) {
      head(0xd2, number, Integer.BYTES);
    } else {
      head(0xd3, number, Long.BYTES);
    }
  }

  private void write(String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    if (utf8.length < 0x20) {
      bytes.write(0xa0 | utf8.length);
    } else if (utf8.length < 0x100) {
      head(0xd9, utf8.length, Byte.BYTES);
    } else if (utf8.length < 0x10000) {
      head(0xda, utf8.length, Short.BYTES);
    } else {
      head(0xdb, utf8.length, Integer.BYTES);
    }
    bytes.writeBytes(utf8);
  }

  private void write(List<?> list) {
    if (list.size() < 0x10) {
      bytes.write(0x90 | list.size());
    } else if (list.size() < 0x10000) {
      head(0xdc, list.size(), Short.BYTES);
    } else {
      head(0xdd, list.size(), Integer.BYTES);
    }
    list.forEach(this::write);
  }

  private void write(Map<?, ?> map) {
    if (map.size() < 0x10) {
      bytes.write(0x80 | map.size());
    } else if (map.size() < 0x10000) {
      head(0xde, map.size(), Short.BYTES);
    } else {
      head(0xdf, map.size(), Integer.BYTES);
    }
    map.forEach(
        (key, value) -> {
          write(key);
          write(value);
        });
  }

  /** A type, and a number of so many bytes, the greatest first. */
  private void head(int type, long number, int size) {
    bytes.write(type);
    for (int shift = (size - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes.write((int) (number >>> shift));
    }
  }
}
