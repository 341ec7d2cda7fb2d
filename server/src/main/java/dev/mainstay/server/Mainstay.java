package dev.mainstay.server;

import dev.mainstay.agent.AgentLoop;
import dev.mainstay.agent.git.ConfiguredCredentials;
import dev.mainstay.agent.git.GitException;
import dev.mainstay.agent.git.GitSettings;
import dev.mainstay.agent.git.GitWorkspaces;
import dev.mainstay.agent.git.SecretScan;
import dev.mainstay.agent.model.AnthropicModel;
import dev.mainstay.agent.model.Prices;
import dev.mainstay.agent.sandbox.Sandboxes;
import dev.mainstay.queue.Worker;
import dev.mainstay.server.admin.AdminEndpoints;
import dev.mainstay.server.audit.AuditEndpoints;
import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.event.EventHub;
import dev.mainstay.server.event.EventLog;
import dev.mainstay.server.event.EventModule;
import dev.mainstay.server.identity.Identity;
import dev.mainstay.server.identity.IdentityConfig;
import dev.mainstay.server.identity.IdentityModule;
import dev.mainstay.server.mail.MailConfig;
import dev.mainstay.server.mail.MailModule;
import dev.mainstay.server.organization.OrganizationModule;
import dev.mainstay.server.organization.Organizations;
import dev.mainstay.server.platform.Broadcast;
import dev.mainstay.server.platform.DataDirectory;
import dev.mainstay.server.platform.DataGuard;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Databases;
import dev.mainstay.server.platform.Keyring;
import dev.mainstay.server.platform.NodeId;
import dev.mainstay.server.platform.Secret;
import dev.mainstay.server.platform.ServerConfig;
import dev.mainstay.server.platform.Settings;
import dev.mainstay.server.platform.StorageHealth;
import dev.mainstay.server.platform.http.AccessGuard;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.HttpServer;
import dev.mainstay.server.platform.http.LiveAccess;
import dev.mainstay.server.platform.http.OpenStreams;
import dev.mainstay.server.platform.http.Origins;
import dev.mainstay.server.platform.http.SessionCookie;
import dev.mainstay.server.platform.http.StudioFiles;
import dev.mainstay.server.queue.BulkActions;
import dev.mainstay.server.queue.QueueDiscovery;
import dev.mainstay.server.queue.Queues;
import dev.mainstay.server.task.AgentConfig;
import dev.mainstay.server.task.ModelFactory;
import dev.mainstay.server.task.Models;
import dev.mainstay.server.task.SandboxToolboxes;
import dev.mainstay.server.task.TaskModule;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The composition root: every object of the server is made here, by its constructor. */
public final class Mainstay implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Mainstay.class);

  private final ServerConfig config;
  private final Identity identity;
  private final Queues queues;
  private final EventHub hub;
  private final HttpServer http;
  private final boolean firstStart;
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();
  private Optional<Worker> worker = Optional.empty();
  private int port;
  private final List<Endpoint<?>> endpoints;
  private volatile boolean ready;

  /** Builds and starts a server; when this returns it takes requests and runs tasks. */
  public static Mainstay start(Settings settings) throws InterruptedException {
    // Times are stored in milliseconds; with finer ones an event would differ live from replayed.
    Clock clock = Clock.tickMillis(ZoneOffset.UTC);
    return start(
        new Configs(
            ServerConfig.from(settings),
            AgentConfig.from(settings),
            IdentityConfig.from(settings),
            MailConfig.from(settings)),
        clock);
  }

  /** What was configured, by concern. */
  private record Configs(
      ServerConfig server, AgentConfig agents, IdentityConfig identity, MailConfig mail) {}

  private static Mainstay start(Configs configs, InstantSource clock) throws InterruptedException {
    Deque<AutoCloseable> opened = new ArrayDeque<>();
    try {
      return new Mainstay(configs, clock, opened);
    } catch (InterruptedException | RuntimeException e) {
      closeAll(opened);
      throw e;
    }
  }

  private Mainstay(Configs configs, InstantSource clock, Deque<AutoCloseable> opened)
      throws InterruptedException {
    this.config = configs.server();
    AgentConfig agents = configs.agents();
    DataDirectory data = open(opened, DataDirectory.open(config.data()));
    String wanted = NodeId.wanted(config, data);
    Database database = open(opened, Databases.openForServer(config, "mainstay " + wanted));
    open(opened, new DataGuard(data));
    StorageHealth health = open(opened, new StorageHealth(database, data));
    NodeId node = open(opened, NodeId.take(database, wanted));

    Keyring keyring = Keyring.open(config, database, clock);
    MailModule mails = new MailModule(database, keyring, configs.mail(), clock);

    hub = open(opened, new EventHub());
    Broadcast broadcast = open(opened, Broadcast.open(database, node.value()));
    EventLog events = new EventLog(database, hub, broadcast, clock);
    Identity owner = new Identity(database, clock);
    firstStart = owner.ensureOwner();
    QueueEngines engines =
        open(opened, QueueEngines.open(config, database, clock, owner.ownerOrganization(), true));
    queues = new Queues(database, clock, engines::queue, engines.flows(), engines.existing());

    BulkActions bulkActions =
        new BulkActions(database, queues, engines.queue(QueueEngines.BULK_ACTIONS), clock);

    Prices prices = Prices.builtIn();
    Models models = ModelFactory.create(agents, prices, clock);
    if (models.client().orElse(null) instanceof AutoCloseable client) {
      open(opened, client);
    }
    Sandboxes sandboxes =
        open(
            opened,
            Sandboxes.open(
                agents.sandbox(), agents.sandboxLimits(), data.path().resolve("sandbox")));
    int orphans = sandboxes.reap();
    ConfiguredCredentials credentials =
        new ConfiguredCredentials(
            agents.githubToken().map(Secret::reveal), agents.gitCredentials());
    GitWorkspaces workspaces =
        new GitWorkspaces(
            new GitSettings(
                data.path().resolve("git"),
                agents.gitName(),
                agents.gitEmail(),
                agents.maxCheckoutBytes(),
                Duration.ofMinutes(10),
                agents.repositories()),
            credentials);
    TaskModule tasks =
        new TaskModule(
            new TaskModule.Parts(
                database,
                broadcast,
                events,
                engines.queue(QueueEngines.AGENT),
                models,
                new AgentLoop(ModelFactory.loop(agents), prices, clock),
                agents.repositories(),
                workspaces,
                new SandboxToolboxes(sandboxes),
                () -> secrets(configs, credentials),
                new TaskModule.Machine(data.id(), config.postgres().isPresent()),
                clock));

    AuditLog audit = new AuditLog(clock);
    Organizations organizations = new Organizations(clock, audit, tasks::cancelAll);
    identity = new Identity(database, clock, organizations, audit);

    OpenStreams streams = new OpenStreams(config.streams());
    ServerMetrics metrics = open(opened, new ServerMetrics(tasks, streams));
    Origins origins = new Origins(this::url, config.trustedOrigins());
    SessionCookie cookie = new SessionCookie(config::publicUrl, configs.identity().sessionCookie());
    AccessGuard guard = new AccessGuard(identity, origins, cookie);
    LiveAccess access = open(opened, new LiveAccess(identity, streams));
    EventModule live = new EventModule(database, hub, access, clock);
    if (config.roles().contains(ServerConfig.Role.WEB)) {
      open(opened, live.relay(broadcast));
    }
    List<Endpoint<?>> served = new ArrayList<>();
    served.addAll(
        new AdminEndpoints(() -> ready && health.writable(), metrics::scrape).endpoints());
    if (config.roles().contains(ServerConfig.Role.WEB)) {
      IdentityModule people =
          open(
              opened,
              new IdentityModule(
                  new IdentityModule.Parts(
                      database,
                      clock,
                      identity,
                      organizations,
                      audit,
                      keyring,
                      mails.mailer(),
                      origins,
                      cookie,
                      this::url,
                      configs.identity())));
      served.addAll(people.endpoints());
      served.addAll(new AuditEndpoints(database).endpoints());
      served.addAll(
          new OrganizationModule(
                  new OrganizationModule.Parts(
                      database,
                      clock,
                      organizations,
                      identity.people(),
                      identity.activeOrganizations(),
                      audit,
                      mails.mailer(),
                      this::url,
                      configs.identity().rateLimits(),
                      identity::requireFresh))
              .endpoints());
      served.addAll(live.endpoints());
      served.addAll(tasks.endpoints());
      served.addAll(queues.endpoints());
      served.addAll(bulkActions.endpoints());
      served.addAll(mails.endpoints());
    }
    endpoints = List.copyOf(served);
    http =
        new HttpServer(
            database,
            health,
            guard,
            access,
            clock,
            endpoints,
            config.publicUrl().filter(url -> "https".equals(url.getScheme())).isPresent(),
            config.requestTimeout(),
            javalin -> {
              origins.allow(javalin);
              javalin.contextResolver.ip = config.trustedProxies()::client;
              if (config.roles().contains(ServerConfig.Role.WEB)) {
                live.serveSocket(javalin, guard);
                StudioFiles.serve(javalin);
              }
            });
    port = http.start(config.host(), config.port());
    open(opened, http);
    if (config.roles().contains(ServerConfig.Role.WORKER)) {
      open(opened, tasks.watchCancellations());
      open(opened, tasks.reconcile());
      worker = Optional.of(open(opened, tasks.work(node, agents.slots(), config.lease())));
      // It is not drained: what it has in its hands goes on elsewhere, or at the next start.
      open(opened, bulkActions.work(node, config.lease()));
    }
    if (config.roles().contains(ServerConfig.Role.WEB)) {
      open(opened, mails.deliver());
      if (engines.existing().isPresent()) {
        open(opened, new QueueDiscovery(queues));
      }
    }
    open(
        opened,
        new Housekeeping(
            tasks,
            events,
            mails,
            audit,
            database,
            http,
            new Housekeeping.Kept(
                agents.workspaceRetention(),
                config.eventRetention(),
                config.auditRetention(),
                config.taskRetention())));
    ready = true;
    parts.addAll(opened);
    report(agents, sandboxes, models, mails, orphans);
    warm(models);
  }

  private static <T extends AutoCloseable> T open(Deque<AutoCloseable> opened, T part) {
    opened.push(part);
    return part;
  }

  /** What the server knows and no commit may hold. */
  private static SecretScan secrets(Configs configs, ConfiguredCredentials credentials)
      throws GitException {
    List<String> secrets = new ArrayList<>(credentials.secrets());
    configs.agents().anthropicApiKey().ifPresent(key -> secrets.add(key.reveal()));
    configs
        .server()
        .secretKey()
        .ifPresent(keys -> secrets.addAll(List.of(keys.reveal().split(" *, *"))));
    configs.mail().password().ifPresent(secrets::add);
    secrets.addAll(configs.identity().social().secrets());
    return new SecretScan(secrets);
  }

  private void report(
      AgentConfig agents, Sandboxes sandboxes, Models models, MailModule mails, int orphans) {
    log.info(
        "Listening on {}:{}, data in {}, model {}, {} agent slots",
        config.host(),
        port,
        config.data(),
        models.client().isEmpty() ? "none" : models.defaultModel(),
        agents.slots());
    log.info("Sandbox: {}", sandboxes.status().detail());
    log.info(mails.describe());
    if (orphans > 0) {
      log.info("Ended {} processes that an earlier server had left", orphans);
    }
    if (models.client().isEmpty()) {
      log.warn(models.missing());
    }
  }

  /** What the first request and the first model call would have to load is loaded beside them. */
  private static void warm(Models models) {
    Thread.ofVirtual()
        .name("warm-up")
        .start(
            () -> {
              HttpServer.warm();
              if (models.client().orElse(null) instanceof AnthropicModel model) {
                model.warm();
              }
            });
  }

  public int port() {
    return port;
  }

  /** Every endpoint that this process serves. */
  List<Endpoint<?>> endpoints() {
    return endpoints;
  }

  /** Where people find it. */
  public URI url() {
    return config.url(port);
  }

  /** True if this start made the instance. */
  public boolean firstStart() {
    return firstStart;
  }

  /** Whether this process serves people, and not only queues. */
  public boolean servesStudio() {
    return config.roles().contains(ServerConfig.Role.WEB);
  }

  public Identity identity() {
    return identity;
  }

  Queues queues() {
    return queues;
  }

  /**
   * Drains and stops: no new tasks, live streams end with a hint to come back, open requests are
   * answered, runs are given back to the queue at their last committed step.
   */
  @Override
  public void close() {
    ready = false;
    worker.ifPresent(Worker::pause);
    hub.close();
    queues.close();
    http.close();
    worker.ifPresent(running -> running.close(config.drainTimeout()));
    closeAll(parts);
  }

  private static void closeAll(Deque<AutoCloseable> parts) {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        log.warn("Stopping a part failed", e);
      }
    }
  }
}
