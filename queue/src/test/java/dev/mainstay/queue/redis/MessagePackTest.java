package dev.mainstay.queue.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mainstay.queue.json.Json;
import io.lettuce.core.ScriptOutputType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What it writes is what the specification says, and what Redis reads. */
final class MessagePackTest {

  private static String hex(@Nullable Object value) {
    return HexFormat.of().formatHex(MessagePack.encode(value));
  }

  @Test
  void writesTheFormatsOfTheSpecification() {
    assertThat(hex(null)).isEqualTo("c0");
    assertThat(hex(false)).isEqualTo("c2");
    assertThat(hex(true)).isEqualTo("c3");
    assertThat(hex(0)).isEqualTo("00");
    assertThat(hex(127)).isEqualTo("7f");
    assertThat(hex(-1)).isEqualTo("ff");
    assertThat(hex(-32)).isEqualTo("e0");
    assertThat(hex(-33)).isEqualTo("d0df");
    assertThat(hex(128)).isEqualTo("d10080");
    assertThat(hex(-129)).isEqualTo("d1ff7f");
    assertThat(hex(32_768)).isEqualTo("d200008000");
    assertThat(hex(1L << 31)).isEqualTo("d30000000080000000");
    assertThat(hex(Long.MIN_VALUE)).isEqualTo("d38000000000000000");
    assertThat(hex(0.5)).isEqualTo("cb3fe0000000000000");
    assertThat(hex("")).isEqualTo("a0");
    assertThat(hex("é")).isEqualTo("a2c3a9");
    assertThat(hex("a".repeat(31))).startsWith("bf61");
    assertThat(hex("a".repeat(32))).startsWith("d92061");
    assertThat(hex("a".repeat(256))).startsWith("da010061");
    assertThat(hex("a".repeat(65_536))).startsWith("db0001000061");
    assertThat(hex(List.of())).isEqualTo("90");
    assertThat(hex(Arrays.asList(1, null))).isEqualTo("9201c0");
    assertThat(hex(numbers(16))).startsWith("dc0010000102");
    assertThat(hex(numbers(65_536))).startsWith("dd00010000000102");
    assertThat(hex(Map.of("a", 1))).isEqualTo("81a16101");
    assertThat(hex(map(16))).startsWith("de0010");
    assertThat(hex(map(65_536))).startsWith("df00010000");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertThatThrownBy(() -> MessagePack.encode(new byte[0]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cannot be written as MessagePack");
  }

  static Stream<Named<Object>> values() {
    List<Object> numbers = new ArrayList<>();
    LongStream.of(0, 1, 127, 128, 255, 256, 32_767, 32_768, 65_535, 1L << 31, 1L << 32, 1L << 46)
        .forEach(
            number -> {
              numbers.add(number);
              numbers.add(-number);
            });
    Map<String, @Nullable Object> mixed = new LinkedHashMap<>();
    mixed.put("text", "é \ud83d\ude00 \n\"");
    mixed.put("list", List.of(1, true, "x", List.of(0.25)));
    mixed.put("map", Map.of("deep", Map.of("er", 1)));
    return Stream.of(
        Named.of("numbers", numbers),
        Named.of("doubles", List.of(0.5, -1.25, 1e100)),
        Named.of(
            "texts",
            List.of("", "x".repeat(31), "y".repeat(32), "z".repeat(300), "é".repeat(40_000))),
        Named.of("a long list", numbers(70_000)),
        Named.of("a large map", map(300)),
        Named.of("mixed", mixed));
  }

  @ParameterizedTest
  @MethodSource("values")
  void redisReadsIt(Object value) {
    try (RedisConnections connections = RedisConnections.open(RedisServerProcess.shared().uri())) {
      byte[] json =
          connections.await(
              connections
                  .commands()
                  .eval(
                      "return cjson.encode(cmsgpack.unpack(ARGV[1]))",
                      ScriptOutputType.VALUE,
                      new byte[0][],
                      MessagePack.encode(value)));
      assertThat(json).isNotNull();
      assertThat(Json.write(normal(Json.read(new String(json, StandardCharsets.UTF_8)))))
          .isEqualTo(Json.write(normal(value)));
    }
  }

  /** Numbers as Lua has them, maps in one order. */
  private static @Nullable Object normal(@Nullable Object value) {
    return switch (value) {
      case Number number -> number.doubleValue();
      case List<?> list -> list.stream().map(MessagePackTest::normal).toList();
      case Map<?, ?> map -> {
        Map<String, @Nullable Object> sorted = new java.util.TreeMap<>();
        map.forEach((key, one) -> sorted.put((String) key, normal(one)));
        yield sorted;
      }
      case null -> null;
      default -> value;
    };
  }

  private static List<Integer> numbers(int count) {
    return IntStream.range(0, count).mapToObj(i -> i % 100).toList();
  }

  private static Map<String, Integer> map(int count) {
    Map<String, Integer> map = new LinkedHashMap<>();
    IntStream.range(0, count).forEach(i -> map.put("key-" + i, i));
    return map;
  }
}
