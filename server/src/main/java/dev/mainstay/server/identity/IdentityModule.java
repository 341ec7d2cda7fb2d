package dev.mainstay.server.identity;

import dev.mainstay.server.audit.AuditLog;
import dev.mainstay.server.identity.social.Providers;
import dev.mainstay.server.mail.Mailer;
import dev.mainstay.server.organization.Organizations;
import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Keyring;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Origins;
import dev.mainstay.server.platform.http.SessionCookie;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** Wires what lets people in. */
public final class IdentityModule implements AutoCloseable {
  private final PasswordHasher hasher = new PasswordHasher();
  private final Providers providers;
  private final List<Endpoint<?>> endpoints = new ArrayList<>();

  /**
   * What it is made of.
   *
   * @param url where people find the server
   */
  public record Parts(
      Database database,
      InstantSource clock,
      Identity identity,
      Organizations organizations,
      AuditLog audit,
      Keyring keyring,
      Mailer mailer,
      Origins origins,
      SessionCookie cookie,
      Supplier<URI> url,
      IdentityConfig config) {}

  public IdentityModule(Parts parts) {
    Database database = parts.database();
    InstantSource clock = parts.clock();
    UserStore users = new UserStore();
    Sessions sessions = parts.identity().sessions();
    TwoFactorDevices devices = new TwoFactorDevices(clock);
    People people =
        new People(
            users,
            new AccountStore(),
            new Registration(
                clock, users, parts.organizations(), parts.audit(), parts.config().signUp()),
            sessions,
            new Verifications(clock, parts.keyring()),
            new Letters(parts.mailer(), parts.url()),
            parts.organizations(),
            parts.audit(),
            new TwoFactorGate(clock, sessions, devices),
            new PasskeyStore(),
            new KeyStore());
    KnownDevices known = new KnownDevices(parts.keyring());
    Lockout lockout = new Lockout(database, clock);
    PasswordSignIn signIn = new PasswordSignIn(database, clock, people, hasher, lockout, known);
    PasswordReset passwords = new PasswordReset(database, clock, people, hasher, lockout);
    EmailVerification emails = new EmailVerification(database, clock, people);
    MagicLinks links = new MagicLinks(database, clock, people);
    EmailCodes codes =
        new EmailCodes(database, clock, people, links, emails, passwords, lockout, known);
    Profile profile = new Profile(database, clock, people, new KeyStore(), parts.organizations());

    CredentialLimits limits = new CredentialLimits(parts.config().rateLimits(), clock);
    DeviceSessions present = new DeviceSessions(database, clock, sessions, parts.cookie());
    Cookies cookies = new Cookies(parts.cookie(), present, known);
    Origins origins = parts.origins();
    endpoints.add(
        new SignInOptionsEndpoint(parts.config().signUp(), parts.mailer().sends()).endpoint());
    endpoints.addAll(new KeyEndpoints(parts.identity(), limits, cookies).endpoints());
    endpoints.addAll(new ApiKeyEndpoints(parts.identity().keys(), clock).endpoints());
    endpoints.addAll(new SessionEndpoints(sessions, profile, cookies).endpoints());
    endpoints.addAll(
        new PasswordEndpoints(signIn, passwords, profile, limits, cookies, origins).endpoints());
    endpoints.addAll(
        new EmailEndpoints(
                emails, profile, passwords, sessions, limits, cookies, origins, people.letters())
            .endpoints());
    endpoints.addAll(new MagicLinkEndpoints(links, limits, cookies, origins).endpoints());
    endpoints.addAll(new EmailCodeEndpoints(codes, limits, cookies).endpoints());
    endpoints.addAll(new DeviceSessionEndpoints(present, profile).endpoints());

    TwoFactorBackupCodes backupCodes = new TwoFactorBackupCodes(parts.keyring());
    TwoFactorSetup setup =
        new TwoFactorSetup(database, clock, people, passwords, parts.keyring(), backupCodes);
    TwoFactorMethods methods =
        new TwoFactorMethods(database, clock, people, parts.keyring(), backupCodes);
    TwoFactorProof proof = new TwoFactorProof(database, clock, people, lockout, devices, setup);
    endpoints.addAll(new TwoFactorSetupEndpoints(setup, limits, cookies).endpoints());
    endpoints.addAll(new TwoFactorEndpoints(proof, methods, limits, cookies).endpoints());

    providers = new Providers(parts.config().social(), clock);
    SocialTokens tokens = new SocialTokens(parts.keyring());
    LinkedAccounts accounts = new LinkedAccounts(database, people, providers);
    endpoints.addAll(
        new SocialEndpoints(
                new SocialSignIn(database, clock, people, tokens),
                new SocialStates(database, clock, parts.keyring()),
                providers,
                limits,
                cookies,
                origins,
                parts.cookie())
            .endpoints());
    endpoints.addAll(
        new AccountEndpoints(accounts, new SocialAccess(database, clock, providers, tokens), limits)
            .endpoints());

    PasskeyVerifier verifier = new PasskeyVerifier(parts.url());
    endpoints.addAll(
        new PasskeyEndpoints(
                new Passkeys(database, clock, people, verifier),
                new PasskeyChallenges(database, clock),
                verifier,
                limits,
                cookies,
                parts.cookie())
            .endpoints());
    Administration administration = new Administration(database, clock, people, passwords, profile);
    endpoints.addAll(new RecoveryEndpoints(administration).endpoints());
    endpoints.addAll(
        new AdminEndpoints(administration, sessions, parts.identity(), parts.cookie()).endpoints());
  }

  public List<Endpoint<?>> endpoints() {
    return List.copyOf(endpoints);
  }

  @Override
  public void close() {
    providers.close();
    hasher.close();
  }
}
