package dev.mainstay.agent.git;

import dev.mainstay.agent.git.GitCredentials.Credential;
import dev.mainstay.agent.git.RepositoryUrl.Scheme;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The commands that talk to a remote, with checked addresses and credentials of the moment. */
final class Remote {
  private static final Pattern REFERENCE = Pattern.compile("([0-9a-f]{40,64})\t(\\S+)");
  private static final Pattern SYMBOLIC = Pattern.compile("ref: refs/heads/(\\S+)\tHEAD");

  private final Git git;
  private final Layout layout;
  private final GitSettings settings;
  private final GitCredentials credentials;
  private final HostGuard guard;

  /**
   * What a remote has.
   *
   * @param defaultBranch empty if HEAD names none
   * @param tips object ids by full name, {@code HEAD} among them
   */
  record References(String defaultBranch, Map<String, String> tips) {
    Optional<String> branch(String name) {
      return Optional.ofNullable(tips.get("refs/heads/" + name));
    }
  }

  /** One command's run, with the credential that its texts must not show. */
  record Outcome(GitCommand.Result<String> result, Optional<Credential> credential) {}

  Remote(
      Git git,
      Layout layout,
      GitSettings settings,
      GitCredentials credentials,
      HostGuard.Resolver resolver) {
    this.git = git;
    this.layout = layout;
    this.settings = settings;
    this.credentials = credentials;
    this.guard = new HostGuard(settings.policy(), resolver);
  }

  /**
   * @param patterns as git-ls-remote(1) takes them; what merely ends in one comes back too
   */
  References list(RepositoryUrl url, Path mirror, String code, String... patterns)
      throws GitException, InterruptedException {
    String[] arguments = new String[patterns.length + 4];
    arguments[0] = "ls-remote";
    arguments[1] = "--symref";
    arguments[2] = "--";
    arguments[3] = url.text();
    System.arraycopy(patterns, 0, arguments, 4, patterns.length);
    String output = succeed(url, code, prepare(url, mirror, arguments)).output();
    Map<String, String> tips = new HashMap<>();
    String defaultBranch = "";
    for (String line : output.lines().toList()) {
      Matcher symbolic = SYMBOLIC.matcher(line);
      Matcher reference = REFERENCE.matcher(line);
      if (symbolic.matches() && RefNames.isValidBranch(symbolic.group(1))) {
        defaultBranch = symbolic.group(1);
      } else if (reference.matches()) {
        tips.put(reference.group(2), reference.group(1));
      }
    }
    return new References(defaultBranch, tips);
  }

  /** A command that is ready to run. */
  record Prepared(GitCommand command, Optional<Credential> credential) {
    Outcome run() throws GitException, InterruptedException {
      return new Outcome(command.run(), credential);
    }
  }

  Prepared prepare(RepositoryUrl url, Path mirror, String... arguments)
      throws GitException, InterruptedException {
    Map<String, String> configuration = new LinkedHashMap<>();
    String protocol =
        switch (url.scheme()) {
          case HTTPS -> "https";
          case HTTP -> "http";
          case LOCAL -> "file";
        };
    configuration.put("protocol." + protocol + ".allow", "always");
    // A remote that trickles holds a slot; the whole command has its time-out besides.
    configuration.put("http.lowSpeedLimit", "1");
    configuration.put(
        "http.lowSpeedTime",
        Long.toString(Math.clamp(settings.networkTimeout().toSeconds(), 1, 60)));
    Optional<String> pinned = guard.pin(url);
    pinned.ifPresent(value -> configuration.put("http.curloptResolve", value));
    GitCommand command =
        git.command(mirror, configuration, arguments)
            .env("GIT_ALLOW_PROTOCOL", protocol)
            .timeout(settings.networkTimeout());
    for (String name : new String[] {"SSL_CERT_FILE", "SSL_CERT_DIR", "GIT_SSL_CAINFO"}) {
      Optional.ofNullable(System.getenv(name)).ifPresent(value -> command.env(name, value));
    }
    Optional<Credential> credential =
        url.scheme() == Scheme.LOCAL ? Optional.empty() : credentials.find(url);
    credential.ifPresent(
        found ->
            command
                .env("GIT_ASKPASS", layout.askpass().toString())
                .env("MAINSTAY_GIT_HOST", url.host())
                .env("MAINSTAY_GIT_USER", found.user())
                .env("MAINSTAY_GIT_PASSWORD", found.password()));
    return new Prepared(command, credential);
  }

  GitCommand.Result<String> succeed(RepositoryUrl url, String code, Prepared prepared)
      throws GitException, InterruptedException {
    Outcome outcome = prepared.run();
    if (!outcome.result().succeeded()) {
      throw failure(url, code, outcome);
    }
    return outcome.result();
  }

  GitException tooLarge() {
    return new GitException(
        "checkout_too_large",
        "The transfer is larger than " + settings.maxCheckoutBytes() + " bytes.",
        false);
  }

  GitException failure(RepositoryUrl url, String code, Outcome outcome) {
    return GitErrors.tooLarge(outcome.result())
        ? tooLarge()
        : GitErrors.remote(url, code, outcome.result(), outcome.credential());
  }
}
