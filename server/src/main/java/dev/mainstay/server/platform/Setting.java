package dev.mainstay.server.platform;

import java.util.Locale;
import java.util.Optional;

/** Every setting there is, once: name, default, what is allowed, what it does. */
public enum Setting {
  DATA(
      "MAINSTAY_DATA",
      "data",
      "a directory on a local disk",
      "Where everything is kept: database, mirrors, workspaces."),
  DATABASE_URL(
      "MAINSTAY_DATABASE_URL",
      null,
      "postgresql://user:password@host:port/database, with the driver's parameters, or the same as jdbc:postgresql:…",
      "PostgreSQL 15 or newer in place of the embedded SQLite file; any number of processes may share it. See [postgres.md](postgres.md)."),
  DATABASE_CONNECTIONS(
      "MAINSTAY_DATABASE_CONNECTIONS",
      "16",
      "4 to 1000",
      "Connections of this process to PostgreSQL, half of them for reading; five more are sessions of their own."),
  DATABASE_WAIT(
      "MAINSTAY_DATABASE_WAIT",
      "30s",
      "a duration such as 30s",
      "How long a start waits for a PostgreSQL server that does not answer yet."),
  SECRET_KEY(
      "MAINSTAY_SECRET_KEY",
      null,
      "32 bytes in Base64, several with commas",
      "Seals secrets in the database; the first key seals, all open. Without it, the file secret.key in the data directory, which the first start makes. See [secret-key.md](secret-key.md)."),
  QUEUE(
      "MAINSTAY_QUEUE",
      null,
      "sqlite, postgres or redis",
      "Where jobs are kept. Without it, where everything else is; redis needs MAINSTAY_REDIS_URL."),
  REDIS_URL(
      "MAINSTAY_REDIS_URL", null, "redis://user:password@host:port/0", "The Redis of the queue."),
  REDIS_PREFIX(
      "MAINSTAY_REDIS_PREFIX",
      "bull",
      "1 to 100 visible characters of ASCII, without a colon, * or ?",
      "BullMQ's prefix: how the keys of the queues in Redis begin."),
  QUEUE_ORGANIZATION(
      "MAINSTAY_QUEUE_ORGANIZATION",
      null,
      "the id or slug of an organization, or none",
      "Whose queues have plain names in Redis, so that BullMQ's other clients share them. Without it the owner's organization, on a new instance. See [queues.md](queues.md#with-bullmq)."),
  NODE_ID(
      "MAINSTAY_NODE_ID",
      null,
      "1 to 100 letters, digits, dots, dashes and underscores",
      "Names this process among those on one PostgreSQL database. Without it, its host and a random part that the data directory keeps."),
  LEASE(
      "MAINSTAY_LEASE",
      "30s",
      "1s to 1h",
      "How long a run stays with a process that gives no sign of life, before another one goes on with it."),
  HOST(
      "MAINSTAY_HOST",
      "127.0.0.1",
      "an address of this machine; 0.0.0.0 for all",
      "The address that the server listens on."),
  PORT(
      "MAINSTAY_PORT",
      "8080",
      "0 to 65535; 0 takes a free one",
      "The port that the server listens on."),
  PUBLIC_URL(
      "MAINSTAY_PUBLIC_URL",
      null,
      "an http:// or https:// URL without a path",
      "How people reach the server; used in links and in the Origin check, and its host is that of passkeys. Without it http://localhost:PORT."),
  TRUSTED_ORIGINS(
      "MAINSTAY_TRUSTED_ORIGINS",
      null,
      "origins such as https://app.example.com or myapp://, several with commas",
      "Other sites whose pages may call the API with a session, and to which people may be sent back; schemes of mobile apps too."),
  SESSION_COOKIE(
      "MAINSTAY_SESSION_COOKIE",
      "mainstay_session",
      "1 to 60 letters, digits, dots, hyphens and underscores; it begins with a letter",
      "The name of the session's cookie; __Host- stands before it where people come by HTTPS. With mainstay.session_token Better Auth's getSessionCookie finds it by the cookiePrefix mainstay, by HTTPS __Host-mainstay. Sessions that were opened under the usual name go on."),
  TRUSTED_PROXIES(
      "MAINSTAY_TRUSTED_PROXIES",
      null,
      "addresses or networks such as 10.0.0.0/8, several with commas",
      "Reverse proxies whose X-Forwarded-For tells from where a request comes. Without it, every request comes from who has connected."),
  STREAMS(
      "MAINSTAY_STREAMS",
      null,
      "1 to 1000000",
      "How many streams of events this process has open at once: Server-Sent Events, WebSockets, and what these follow beyond one task. Without it, one for each 128 KiB of the heap. Beyond it, 429. See [operations.md](operations.md#streams)."),
  STREAMS_PER_ORGANIZATION(
      "MAINSTAY_STREAMS_PER_ORGANIZATION",
      null,
      "1 to 1000000",
      "How many of them one organization may have. Without it, half of all."),
  STREAMS_PER_CREDENTIAL(
      "MAINSTAY_STREAMS_PER_CREDENTIAL",
      "100",
      "1 to 1000000",
      "How many of them one session or API key may have; all those of a person together may have four times as many."),
  REQUEST_TIMEOUT(
      "MAINSTAY_REQUEST_TIMEOUT",
      "60s",
      "100ms to 1h",
      "How long the headers of a request may take to come in full, and its body as well unless it comes at 256 bytes a second or more. Slower connections are closed."),
  SIGN_UP(
      "MAINSTAY_SIGN_UP",
      "invited",
      "open, invited or closed",
      "Who may become a user: everybody, whoever has an invitation, or nobody but by an administrator. Users run agent tasks with this server's models and Git credentials."),
  RATE_LIMITS(
      "MAINSTAY_RATE_LIMITS",
      "on",
      "on or off",
      "Whether attempts to sign in and mails are limited per address and per account. off is for tests; ten wrong guesses shut a door all the same."),
  GITHUB_CLIENT_ID(
      "GITHUB_CLIENT_ID",
      null,
      "the client id of an OAuth app of GitHub",
      "Lets people sign in with GitHub. See [identity.md](identity.md#signing-in-at-another-provider)."),
  GITHUB_CLIENT_SECRET(
      "GITHUB_CLIENT_SECRET", null, "the client secret of that app", "Goes with the client id."),
  GITHUB_URL(
      "GITHUB_URL",
      "https://github.com",
      "an https:// URL without a path; http:// for this machine",
      "Where people sign in with GitHub; another one for GitHub Enterprise Server."),
  GITHUB_API_URL(
      "GITHUB_API_URL",
      "https://api.github.com",
      "an https:// URL, such as https://github.example.com/api/v3; http:// for this machine",
      "GitHub's REST API, which tells who has signed in."),
  GOOGLE_CLIENT_ID(
      "GOOGLE_CLIENT_ID",
      null,
      "a client id of Google's OAuth 2.0",
      "Lets people sign in with Google."),
  GOOGLE_CLIENT_SECRET(
      "GOOGLE_CLIENT_SECRET", null, "the secret of that client", "Goes with the client id."),
  OIDC_PROVIDERS(
      "MAINSTAY_OIDC_PROVIDERS",
      null,
      "a JSON list of {\"id\", \"name\", \"issuer\", \"clientId\", \"clientSecret\", \"scopes\"?}",
      "Lets people sign in at these OpenID Connect providers. See [identity.md](identity.md#signing-in-at-another-provider)."),
  SMTP_URL(
      "MAINSTAY_SMTP_URL",
      null,
      "smtp://user:password@host:587 or smtps://user:password@host:465",
      "The mail server. smtp:// needs STARTTLS, unless the host is this machine or ?starttls=off follows. Without it, mails are written to the log. See [mail.md](mail.md)."),
  MAIL_FROM(
      "MAINSTAY_MAIL_FROM",
      "Mainstay <mainstay@localhost>",
      "an e-mail address, or Name <address>",
      "Whom mails are from."),
  ROLES(
      "MAINSTAY_ROLES",
      "web,worker",
      "web, worker, or both with a comma",
      "What this process does: serve HTTP, run tasks."),
  DURABILITY(
      "MAINSTAY_DURABILITY",
      "full",
      "full or normal",
      "SQLite's synchronous mode. full: an acknowledged change survives a power cut. normal: it survives a crash of the process."),
  MODEL(
      "MAINSTAY_MODEL",
      "claude-sonnet-5-5",
      "a model id, or scripted for the built-in scripted model",
      "The model of tasks that name none."),
  ANTHROPIC_API_KEY(
      "ANTHROPIC_API_KEY",
      null,
      "a key of the Anthropic API, or of a gateway that speaks it",
      "Needed to run tasks with a real model."),
  ANTHROPIC_BASE_URL(
      "ANTHROPIC_BASE_URL",
      "https://api.anthropic.com",
      "an http:// or https:// URL",
      "Where the Anthropic Messages API is."),
  MODEL_IDLE_TIMEOUT(
      "MAINSTAY_MODEL_IDLE_TIMEOUT",
      "90s",
      "a duration such as 90s or 2m",
      "A model stream that says nothing for this long is cut and the call is made again."),
  CONTEXT_TOKENS(
      "MAINSTAY_CONTEXT_TOKENS",
      null,
      "10000 to 10000000",
      "The model's context window, where it is not the one that is known for the model. Compaction begins at four fifths of it."),
  SCRIPT(
      "MAINSTAY_SCRIPT",
      null,
      "a JSON file",
      "The scenario that the scripted model plays, instead of the built-in one."),
  AGENT_SLOTS(
      "MAINSTAY_AGENT_SLOTS", "3", "1 to 1000", "How many tasks run at once in this process."),
  SANDBOX(
      "MAINSTAY_SANDBOX",
      "auto",
      "auto or off",
      "auto: commands run under bubblewrap, and without it there is no bash tool. off: commands run unsandboxed, as the server's own user."),
  SANDBOX_MEMORY(
      "MAINSTAY_SANDBOX_MEMORY_MB",
      "2048",
      "64 to 1048576",
      "Memory of one task's sandbox, in MiB."),
  SANDBOX_PROCESSES(
      "MAINSTAY_SANDBOX_PROCESSES", "256", "16 to 65536", "Processes in one task's sandbox."),
  ALLOWED_HOSTS(
      "MAINSTAY_ALLOWED_HOSTS",
      null,
      "host or host:port, several with commas",
      "Git hosts that may be reached by plain http:// or at a private address."),
  LOCAL_REPOS(
      "MAINSTAY_LOCAL_REPOS",
      null,
      "absolute directories, several with commas",
      "Directories below which a repository may be given by its path."),
  GITHUB_TOKEN("GITHUB_TOKEN", null, "a GitHub token", "Clones from and pushes to github.com."),
  GIT_CREDENTIALS(
      "MAINSTAY_GIT_CREDENTIALS",
      null,
      "a file in the format of git-credential-store",
      "Credentials for other Git hosts: one https://user:password@host per line."),
  GIT_NAME("MAINSTAY_GIT_NAME", "Mainstay", "a name", "Author and committer of the commits."),
  GIT_EMAIL(
      "MAINSTAY_GIT_EMAIL",
      "mainstay@localhost",
      "an e-mail address",
      "Author's and committer's address of the commits."),
  MAX_CHECKOUT(
      "MAINSTAY_MAX_CHECKOUT_MB",
      "2048",
      "1 to 1048576",
      "The largest tree that is checked out, in MiB."),
  WORKSPACE_RETENTION(
      "MAINSTAY_WORKSPACE_RETENTION",
      "24h",
      "a duration such as 24h or 7d",
      "How long the workspace of a finished task is kept."),
  EVENT_RETENTION(
      "MAINSTAY_EVENT_RETENTION",
      "90d",
      "a duration such as 90d",
      "How long the events of a finished task are kept."),
  TASK_RETENTION(
      "MAINSTAY_TASK_RETENTION",
      null,
      "a duration such as 180d",
      "How long a finished task is kept, with its messages, calls and events. Without it, until somebody deletes it. See [operations.md](operations.md#what-is-kept)."),
  AUDIT_RETENTION(
      "MAINSTAY_AUDIT_RETENTION",
      "365d",
      "a duration such as 365d",
      "How long the audit log is kept."),
  DRAIN_TIMEOUT(
      "MAINSTAY_DRAIN_TIMEOUT",
      "10s",
      "a duration such as 10s",
      "How long a stopping server waits for open requests and running steps.");

  private final String variable;
  private final Optional<String> defaultValue;
  private final String allowed;
  private final String description;

  Setting(
      String variable,
      @org.jspecify.annotations.Nullable String defaultValue,
      String allowed,
      String description) {
    this.variable = variable;
    this.defaultValue = Optional.ofNullable(defaultValue);
    this.allowed = allowed;
    this.description = description;
  }

  public String variable() {
    return variable;
  }

  /** The system property: {@code MAINSTAY_AGENT_SLOTS} is {@code mainstay.agent.slots}. */
  public String property() {
    return variable.toLowerCase(Locale.ROOT).replace('_', '.');
  }

  public Optional<String> defaultValue() {
    return defaultValue;
  }

  public String allowed() {
    return allowed;
  }

  public String description() {
    return description;
  }
}
