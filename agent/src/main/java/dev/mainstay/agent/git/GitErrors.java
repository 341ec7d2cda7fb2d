package dev.mainstay.agent.git;

import dev.mainstay.agent.git.GitCredentials.Credential;
import dev.mainstay.agent.host.Shortage;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns what git wrote (in English, by LC_ALL=C) into stable codes and sentences. */
final class GitErrors {
  private static final int MAX_MESSAGE = 600;

  /** 128 + SIGXFSZ (25 on Linux, also on macOS). */
  private static final int FILE_TOO_LARGE = 153;

  private static final Pattern HTTP_STATUS = Pattern.compile("returned error: ([0-9]{3})");
  private static final Pattern SECRET_IN_URL = Pattern.compile("://[^/\\s'\"@]*@");

  /**
   * An absolute path that is no part of a URL; how this machine is laid out is nobody's business.
   */
  private static final Pattern PATH = Pattern.compile("(?<![\\w:/.~-])/(?:[^\\s/'\":|]+/)+");

  private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}&&[^\n\t]]");

  private GitErrors() {}

  static GitException local(String command, GitCommand.Result<?> result) {
    if (tooLarge(result)) {
      return new GitException("checkout_too_large", "A file is larger than is allowed.", false);
    }
    if (result.timedOut()) {
      return new GitException("git_failed", "git " + command + " took too long.", true);
    }
    return new GitException(
        "git_failed",
        "git " + command + " failed: " + clean(result.error(), Optional.empty()),
        Shortage.said(result.error()));
  }

  static boolean tooLarge(GitCommand.Result<?> result) {
    return result.exit() == FILE_TOO_LARGE
        || result.error().contains("died of signal 25")
        || result.error().contains("File too large");
  }

  /**
   * @param code for what has no code of its own: {@code clone_failed} or {@code push_failed}
   */
  static GitException remote(
      RepositoryUrl url,
      String code,
      GitCommand.Result<?> result,
      Optional<Credential> credential) {
    String error = result.error().toLowerCase(Locale.ROOT);
    String said = clean(result.error(), credential);
    if (result.timedOut()) {
      return new GitException(code, "The repository did not answer in time.", true);
    }
    int status = httpStatus(error);
    if (status == 401 || status == 403 || containsAny(error, AUTHENTICATION)) {
      return new GitException(
          "authentication_failed", authentication(url, credential.isPresent()), false);
    }
    if (status >= 300 && status < 400) {
      return new GitException(
          code,
          "The repository's address redirects elsewhere (HTTP %d), which is not followed; use the final address%s."
              .formatted(status, url.text().endsWith(".git") ? "" : ", often with .git at its end"),
          false);
    }
    if (containsAny(error, REF_GONE)) {
      return new GitException(
          "branch_not_found", "The repository no longer has what was asked for: " + said, false);
    }
    if (status == 404 || status == 410 || containsAny(error, NOT_FOUND)) {
      return new GitException(
          "repository_not_found",
          "There is no repository at " + url.text() + ", or it needs " + setting(url) + ".",
          false);
    }
    if (error.contains("dubious ownership")) {
      return new GitException(
          code,
          "The repository belongs to another user of this machine than the server's, so git refuses it.",
          false);
    }
    if (containsAny(error, NEVER)) {
      return new GitException(code, "The repository was refused: " + said, false);
    }
    return new GitException(code, "The repository cannot be reached: " + said, true);
  }

  private static final String[] AUTHENTICATION = {
    "could not read username",
    "could not read password",
    "authentication failed",
    "unable to read askpass",
    "invalid credentials"
  };
  private static final String[] REF_GONE = {
    "couldn't find remote ref", "not our ref", "unadvertised object"
  };
  private static final String[] NOT_FOUND = {
    "' not found",
    "does not appear to be a git repository",
    "repository not found",
    "does not exist"
  };
  private static final String[] NEVER = {
    "fsck error",
    "transport '",
    "not valid: is this a git repository",
    "ssl certificate problem",
    "server certificate verification failed",
    "mismatched algorithms",
    "dumb http transport"
  };

  private static boolean containsAny(String text, String[] parts) {
    for (String part : parts) {
      if (text.contains(part)) {
        return true;
      }
    }
    return false;
  }

  private static int httpStatus(String error) {
    Matcher matcher = HTTP_STATUS.matcher(error);
    return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
  }

  private static String authentication(RepositoryUrl url, boolean hadCredential) {
    return hadCredential
        ? "%s refuses the credentials that it was given; check %s."
            .formatted(url.host(), setting(url))
        : "%s asks for credentials, or has no such public repository; set %s."
            .formatted(url.host(), setting(url));
  }

  private static String setting(RepositoryUrl url) {
    return url.host().equals("github.com") ? "GITHUB_TOKEN" : "MAINSTAY_GIT_CREDENTIALS";
  }

  /** Why a file could not be read or written, without where it lies. */
  static String reason(Throwable failure) {
    String kind = failure.getClass().getSimpleName();
    String message = failure.getMessage();
    return message == null ? kind : kind + ": " + clean(message, Optional.empty());
  }

  /** What git or the remote said, without secrets and control characters, and bounded. */
  static String clean(String text, Optional<Credential> credential) {
    String clean = text;
    if (credential.isPresent() && !credential.get().password().isEmpty()) {
      clean = clean.replace(credential.get().password(), "[redacted]");
    }
    clean = SECRET_IN_URL.matcher(clean).replaceAll("://");
    clean = PATH.matcher(clean).replaceAll("…/");
    clean = CONTROL.matcher(clean).replaceAll(" ").strip().replace("\n", " | ");
    if (clean.length() > MAX_MESSAGE) {
      clean = clean.substring(0, MAX_MESSAGE) + "…";
    }
    return clean.isEmpty() ? "no reason given" : clean;
  }
}
