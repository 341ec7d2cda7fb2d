package dev.mainstay.server.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.mainstay.server.identity.social.ProviderProfile;
import dev.mainstay.server.identity.social.ProviderTokens;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Better Auth's endpoints of accounts: by what people sign in, and what providers have given. */
final class AccountEndpoints {
  private final LinkedAccounts accounts;
  private final SocialAccess access;
  private final CredentialLimits limits;

  AccountEndpoints(LinkedAccounts accounts, SocialAccess access, CredentialLimits limits) {
    this.accounts = accounts;
    this.access = access;
    this.limits = limits;
  }

  /**
   * The way to give up.
   *
   * @param accountId its {@code id} in {@code list-accounts}
   */
  public record UnlinkAccount(@NotBlank @Size(max = 100) String accountId) {}

  /**
   * An account.
   *
   * @param accountId its {@code id} in {@code list-accounts}
   * @param useAccountCookie names none: there is no such cookie
   * @param userId means nothing: it is the caller's
   */
  public record AccountSelection(
      @Nullable @Size(max = 100) String accountId,
      @Nullable Boolean useAccountCookie,
      @Nullable @Size(max = 100) String userId) {}

  /**
   * A token for the provider's API.
   *
   * @param accessTokenExpiresAt absent if the provider does not say
   */
  public record AccessToken(
      String accessToken,
      @Nullable Instant accessTokenExpiresAt,
      List<String> scopes,
      @Nullable String idToken) {
    @Override
    public String toString() {
      return "AccessToken[…]";
    }
  }

  /**
   * New tokens.
   *
   * @param scope with commas
   * @param accountId the account's {@code id} here
   */
  public record RefreshedTokens(
      String accessToken,
      String refreshToken,
      @Nullable Instant accessTokenExpiresAt,
      @Nullable @JsonInclude Instant refreshTokenExpiresAt,
      @Nullable @JsonInclude String scope,
      @Nullable String idToken,
      String providerId,
      String accountId) {
    @Override
    public String toString() {
      return "RefreshedTokens[…]";
    }
  }

  /** Whom the provider knows. */
  public record ProviderUser(
      @Nullable String name,
      @Nullable String email,
      @Nullable String image,
      boolean emailVerified) {}

  /**
   * Which account it is.
   *
   * @param accountId the user's id at the provider
   */
  public record ProviderAccount(String id, String providerId, String accountId) {}

  /**
   * What a provider says about an account's user.
   *
   * @param data as the provider says it
   */
  public record AccountInfo(ProviderUser user, ProviderAccount account, Map<String, Object> data) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.get("/api/auth/list-accounts", Permission.ACCOUNT, "The ways in which I sign in")
            .answersList(AccountView.class)
            .handle(call -> Answer.json(accounts.of(call.principal()))),
        Endpoint.post(
                "/api/auth/unlink-account",
                Permission.ACCOUNT,
                "Give up a way in which I sign in",
                UnlinkAccount.class)
            .answers(200, Done.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(
                call -> {
                  accounts.unlink(call.principal(), call.body().accountId(), Client.of(call));
                  return Answer.json(Done.STATUS);
                }),
        Endpoint.post(
                "/api/auth/get-access-token",
                Permission.ACCOUNT,
                "The provider's token of my account, a new one if need be",
                AccountSelection.class)
            .answers(200, AccessToken.class)
            .handle(this::get),
        Endpoint.post(
                "/api/auth/refresh-token",
                Permission.ACCOUNT,
                "New tokens of my account from the provider",
                AccountSelection.class)
            .answers(200, RefreshedTokens.class)
            .handle(this::refresh),
        Endpoint.get(
                "/api/auth/account-info",
                Permission.ACCOUNT,
                "What the provider of my account says about me")
            .query("accountId", "string", "The account's id in list-accounts")
            .query("useAccountCookie", "boolean", "Names none: there is no such cookie")
            .query("userId", "string", "Means nothing: it is the caller's")
            .answers(200, AccountInfo.class)
            .handle(this::info));
  }

  private SocialAccount selected(Call<?> call, Optional<String> id, boolean byCookie) {
    if (id.isPresent() == byCookie) {
      throw ProblemException.badRequest(
          "accountId", byCookie ? "must not be there with useAccountCookie" : "must not be blank");
    }
    return access.account(call.principal(), id.orElseThrow(SocialAccess::notFound));
  }

  private SocialAccount selected(Call<AccountSelection> call) {
    AccountSelection body = call.body();
    return selected(
        call,
        Optional.ofNullable(body.accountId()).filter(id -> !id.isBlank()),
        Boolean.TRUE.equals(body.useAccountCookie()));
  }

  private Answer get(Call<AccountSelection> call) {
    SocialAccess.Current current = access.get(selected(call), "provider-not-supported");
    Optional<ProviderTokens> held = current.tokens();
    return Answer.json(
        new AccessToken(
            held.map(ProviderTokens::access).orElse(""),
            held.flatMap(ProviderTokens::accessExpires).orElse(null),
            current.account().sealed().scopes(),
            held.flatMap(ProviderTokens::id).orElse(null)));
  }

  private Answer refresh(Call<AccountSelection> call) {
    limits.signIn(call);
    SocialAccess.Current current = access.refresh(selected(call));
    ProviderTokens held = current.tokens().orElseThrow(SocialAccess::notFound);
    SocialAccount account = current.account();
    return Answer.json(
        new RefreshedTokens(
            held.access(),
            held.refresh().orElse(""),
            held.accessExpires().orElse(null),
            held.refreshExpires().orElse(null),
            account.sealed().scope().orElse(null),
            held.id().orElse(null),
            account.providerId(),
            account.id()));
  }

  private Answer info(Call<None> call) {
    SocialAccount account =
        selected(
            call,
            call.query("accountId"),
            call.query("useAccountCookie").filter("true"::equals).isPresent());
    ProviderProfile profile = access.profile(account);
    return Answer.json(
        new AccountInfo(
            new ProviderUser(
                profile.name().orElse(null),
                profile.email().orElse(null),
                profile.picture().orElse(null),
                profile.emailVerified()),
            new ProviderAccount(account.id(), account.providerId(), account.subject()),
            profile.claims()));
  }
}
