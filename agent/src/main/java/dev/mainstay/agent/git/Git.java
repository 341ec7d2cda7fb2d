package dev.mainstay.agent.git;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes git commands that heed nothing but what is written here: the environment is built from
 * nothing, there is no system or user configuration, and what matters is set above the repository's
 * own. Nothing that lies in a working tree can run a program: hooks, fsmonitor, filters, drivers
 * and signing all need configuration, and the tree's {@code .git} is never git's directory.
 */
final class Git {
  private static final Map<String, String> CONFIGURATION = configuration();

  private final Map<String, String> environment;

  Git(Layout layout) {
    Map<String, String> env = new HashMap<>();
    env.put("PATH", Optional.ofNullable(System.getenv("PATH")).orElse("/usr/bin:/bin"));
    env.put("HOME", layout.home().toString());
    env.put("LC_ALL", "C");
    env.put("TZ", "UTC");
    env.put("GIT_CONFIG_NOSYSTEM", "1");
    env.put("GIT_CONFIG_GLOBAL", "/dev/null");
    env.put("GIT_ATTR_NOSYSTEM", "1");
    env.put("GIT_TERMINAL_PROMPT", "0");
    env.put("GIT_NO_REPLACE_OBJECTS", "1");
    env.put("GIT_ALLOW_PROTOCOL", "");
    env.put("GIT_ADVICE", "0");
    environment = Map.copyOf(env);
  }

  /**
   * @param directory git's own directory, never looked for
   */
  GitCommand command(Path directory, String... arguments) {
    return command(directory, Map.of(), arguments);
  }

  GitCommand command(Path directory, Map<String, String> configuration, String... arguments) {
    Map<String, String> all = new LinkedHashMap<>(CONFIGURATION);
    all.putAll(configuration);
    GitCommand command = new GitCommand(environment, List.of(arguments));
    command.env("GIT_DIR", directory.toString());
    int n = 0;
    for (Map.Entry<String, String> entry : all.entrySet()) {
      command.env("GIT_CONFIG_KEY_" + n, entry.getKey());
      command.env("GIT_CONFIG_VALUE_" + n, entry.getValue());
      n++;
    }
    return command.env("GIT_CONFIG_COUNT", Integer.toString(n));
  }

  private static Map<String, String> configuration() {
    Map<String, String> all = new LinkedHashMap<>();
    all.put("core.hooksPath", "/dev/null");
    all.put("core.fsmonitor", "false");
    all.put("core.untrackedCache", "false");
    all.put("core.splitIndex", "false");
    all.put("core.attributesFile", "/dev/null");
    all.put("core.excludesFile", "/dev/null");
    all.put("core.protectHFS", "true");
    all.put("core.protectNTFS", "true");
    all.put("core.autocrlf", "false");
    all.put("core.quotePath", "false");
    // Giving the tree to a sandbox's user changes owners and ctimes, which is no change of content.
    all.put("core.trustctime", "false");
    all.put("core.checkStat", "minimal");
    all.put("core.fsync", "committed,reference");
    all.put("credential.helper", "");
    all.put("protocol.allow", "never");
    all.put("http.followRedirects", "false");
    all.put("http.proxy", "");
    all.put("transfer.fsckObjects", "true");
    all.put("transfer.bundleURI", "false");
    // One pack per transfer, which the limit on a file's size then bounds as a whole.
    all.put("fetch.unpackLimit", "1");
    all.put("fetch.recurseSubmodules", "false");
    all.put("submodule.recurse", "false");
    all.put("push.recurseSubmodules", "no");
    // What the remote has of a history that is cut off here is asked for, not sent again.
    all.put("push.negotiate", "true");
    all.put("push.gpgSign", "false");
    all.put("commit.gpgSign", "false");
    all.put("gc.auto", "0");
    all.put("maintenance.auto", "false");
    // Blemishes of old but honest histories; what could do harm stays an error.
    for (String blemish :
        List.of(
            "zeroPaddedFilemode",
            "zeroPaddedDate",
            "badTimezone",
            "badEmail",
            "badName",
            "missingEmail",
            "missingNameBeforeEmail",
            "missingSpaceBeforeEmail",
            "missingSpaceBeforeDate",
            "missingTaggerEntry",
            "multipleAuthors")) {
      all.put("fetch.fsck." + blemish, "ignore");
    }
    return all;
  }
}
