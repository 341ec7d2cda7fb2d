package dev.mainstay.queue.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes one of our scripts of BullMQ's: {@code --- @bullmq "name-keys"} stands for its script as a
 * function of keys and arguments, {@code --- @bullmq "name"} for a part of its scripts, {@code
 * --- @include "name"} for a part of ours.
 *
 * <p>The functions of BullMQ's scripts stand before what uses them first, and each of them once:
 * each that is there is made anew whenever the script runs, which costs more than many a command.
 */
final class ScriptText {
  private static final Pattern DIRECTIVE =
      Pattern.compile("(?m)^--- @(bullmq|include) \"(?<path>(?<name>\\w+)(-\\d+)?)\"$");

  /** A function that is not inside of another; it knows nothing of keys and arguments. */
  private static final Pattern DEFINITION =
      Pattern.compile(
          "(?ms)^local (?:function (?<name>\\w+)|(?<variable>\\w+) = function) *\\(.*?^end\\h*$");

  private final Set<String> included = new HashSet<>();

  /** BullMQ's functions that are in the script, by name. */
  private final Map<String, String> definitions = new HashMap<>();

  private ScriptText() {}

  static String of(String path) {
    return new ScriptText().resolve(path);
  }

  /** The text of a script in which each part stands once, where it is named first. */
  private String resolve(String path) {
    String script = read(path);
    StringBuilder resolved = new StringBuilder();
    Matcher directive = DIRECTIVE.matcher(script);
    while (directive.find()) {
      String part = directive.group("path");
      String text = "";
      if (included.add(part)) {
        text =
            directive.group(1).equals("include")
                ? resolve(part)
                : part.equals(directive.group("name")) ? part(part) : function(directive);
      }
      directive.appendReplacement(resolved, Matcher.quoteReplacement(text));
    }
    return directive.appendTail(resolved).toString();
  }

  private String part(String name) {
    String script = read("bullmq/" + name);
    return newDefinitions(script) + DEFINITION.matcher(script).replaceAll("");
  }

  private String function(MatchResult directive) {
    String script = read("bullmq/" + directive.group("path"));
    return """
        %s
        local %s = function(KEYS, ARGV)
        %s
        end"""
        .formatted(
            newDefinitions(script),
            directive.group("name"),
            DEFINITION.matcher(script).replaceAll(""));
  }

  /** Those functions of a script that the ones before it have not brought. */
  private String newDefinitions(String script) {
    StringBuilder texts = new StringBuilder();
    if (definitions.isEmpty()) {
      texts.append("local rcall = redis.call\n");
    }
    Matcher definition = DEFINITION.matcher(script);
    while (definition.find()) {
      String name =
          Objects.requireNonNullElse(definition.group("name"), definition.group("variable"));
      String earlier = definitions.putIfAbsent(name, definition.group());
      if (earlier == null) {
        texts.append(definition.group()).append('\n');
      } else if (!earlier.equals(definition.group())) {
        throw new IllegalStateException("BullMQ has two functions named " + name);
      }
    }
    return texts.toString();
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
