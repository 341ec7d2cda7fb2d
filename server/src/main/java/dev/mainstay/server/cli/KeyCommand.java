package dev.mainstay.server.cli;

import dev.mainstay.server.identity.ApiKeyView;
import dev.mainstay.server.identity.Identity;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Page;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/**
 * API keys of the owner's organization from the shell, also while a server runs on the same data
 * directory.
 */
@Command(
    name = "key",
    description = "Manage API keys",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "create|list|rotate|revoke",
    subcommands = {
      KeyCommand.Create.class,
      KeyCommand.ListAll.class,
      KeyCommand.Rotate.class,
      KeyCommand.Revoke.class
    })
final class KeyCommand implements Callable<Integer> {
  private static final int MAX_NAME = 100;
  private static final long MAX_OVERLAP = Duration.ofDays(7).toSeconds();

  @Override
  public Integer call() {
    throw new CommandFailedException(
        "name what to do: key create, key list, key rotate or key revoke");
  }

  /** What is done with the keys. */
  abstract static class Act implements Callable<Integer> {
    @Mixin private ServerOptions options = new ServerOptions();
    @Spec private CommandSpec spec = CommandSpec.create();

    abstract void run(Identity identity, PrintWriter out);

    /** Standard output, not the log: a key is a secret. */
    @Override
    public final Integer call() {
      PrintWriter out = spec.commandLine().getOut();
      try (LocalData data = LocalData.open(options.settings(Map.of()))) {
        run(data.identity(), out);
      } catch (ProblemException e) {
        throw new CommandFailedException(e.problem().detail());
      }
      out.flush();
      return 0;
    }
  }

  /** Prints a new key, this once. */
  @Command(
      name = "create",
      description = "Print a new API key; only its hash is stored",
      mixinStandardHelpOptions = true)
  static final class Create extends Act {

    @Option(names = "--name", required = true, description = "What the key is for")
    private String name = "";

    @Option(
        names = "--scopes",
        split = ",",
        description =
            "What it may do, all if absent: tasks:read,tasks:write,keys:manage,"
                + "queues:read,queues:write,queues:operate,instance:admin")
    private List<String> scopes = List.of();

    @Override
    void run(Identity identity, PrintWriter out) {
      if (name.isBlank() || name.length() > MAX_NAME) {
        throw new CommandFailedException("--name must have 1 to " + MAX_NAME + " characters");
      }
      out.println(identity.createOwnerKey(name, scopes).key());
    }
  }

  /** Prints a line per key. */
  @Command(
      name = "list",
      description = "List the API keys: id, first characters, state, scopes, name",
      mixinStandardHelpOptions = true)
  static final class ListAll extends Act {

    @Override
    void run(Identity identity, PrintWriter out) {
      Instant now = Instant.now();
      String after = "";
      while (true) {
        Page<ApiKeyView> page = identity.ownerKeys(after, Page.MAX_LIMIT);
        page.items().forEach(key -> out.println(line(key, now)));
        @Nullable String next = page.nextCursor();
        if (next == null) {
          return;
        }
        after = next;
      }
    }

    private static String line(ApiKeyView key, Instant now) {
      return String.join(
          "  ",
          key.id(),
          key.prefix() + "…",
          state(key, now),
          String.join(",", key.scopes()),
          key.name());
    }

    private static String state(ApiKeyView key, Instant now) {
      Instant expiresAt = key.expiresAt();
      if (key.revokedAt() != null) {
        return "revoked";
      }
      if (expiresAt != null) {
        return (expiresAt.isAfter(now) ? "until " : "expired ") + expiresAt;
      }
      return key.enabled() ? "valid" : "off";
    }
  }

  /** Prints a key that takes the place of another one. */
  @Command(
      name = "rotate",
      description = "Print a new API key on the terms of another, which goes on for a while",
      mixinStandardHelpOptions = true)
  static final class Rotate extends Act {

    @Parameters(paramLabel = "ID", description = "Of key list")
    private String id = "";

    @Option(
        names = "--overlap-seconds",
        description = "For how long the old key goes on; 3600 if absent, 7 days at most")
    private long overlap = 3600;

    @Override
    void run(Identity identity, PrintWriter out) {
      if (overlap < 0 || overlap > MAX_OVERLAP) {
        throw new CommandFailedException("--overlap-seconds must be from 0 to " + MAX_OVERLAP);
      }
      out.println(identity.rotateOwnerKey(id, Duration.ofSeconds(overlap)).key());
    }
  }

  /** Ends a key. */
  @Command(
      name = "revoke",
      description = "End an API key, and what is open for it",
      mixinStandardHelpOptions = true)
  static final class Revoke extends Act {

    @Parameters(paramLabel = "ID", description = "Of key list")
    private String id = "";

    @Override
    void run(Identity identity, PrintWriter out) {
      identity.revokeOwnerKey(id);
      out.println("Revoked " + id);
    }
  }
}
