package dev.mainstay.queue.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes our scripts of BullMQ's: {@code --- @bullmq "name-keys"} stands for its script as a
 * function of keys and arguments, {@code --- @bullmq "name"} for a part of its scripts, {@code
 * --- @include "name"} for a part of ours.
 */
final class ScriptText {
  private static final Pattern DIRECTIVE =
      Pattern.compile("(?m)^--- @(bullmq|include) \"(?<path>(?<name>\\w+)(-\\d+)?)\"$");

  private ScriptText() {}

  static String of(String path) {
    return resolve(path, new HashSet<>());
  }

  /** The text of a script in which each part stands once, where it is named first. */
  private static String resolve(String path, Set<String> included) {
    String script = read(path);
    StringBuilder resolved = new StringBuilder();
    Matcher directive = DIRECTIVE.matcher(script);
    while (directive.find()) {
      String part = directive.group("path");
      String text = "";
      if (included.add(part)) {
        text =
            directive.group(1).equals("include")
                ? resolve(part, included)
                : part.equals(directive.group("name"))
                    ? read("bullmq/" + part)
                    : "local function %s(KEYS, ARGV)\n%s\nend"
                        .formatted(directive.group("name"), read("bullmq/" + part));
      }
      directive.appendReplacement(resolved, Matcher.quoteReplacement(text));
    }
    return directive.appendTail(resolved).toString();
  }

  private static String read(String path) {
    try (InputStream stream = ScriptText.class.getResourceAsStream(path + ".lua")) {
      if (stream == null) {
        throw new IllegalStateException("The script %s is not on the class path".formatted(path));
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
