package dev.mainstay.server.identity;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import dev.mainstay.server.platform.http.Principal;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Better Auth's plugin {@code api-key}, for people who are signed in. */
final class ApiKeyEndpoints {
  private static final int MAX_ID = 100;
  private static final int MAX_LISTED = 200;
  private static final int MAX_OFFSET = 1_000_000;

  private final Keys keys;
  private final InstantSource clock;

  ApiKeyEndpoints(Keys keys, InstantSource clock) {
    this.keys = keys;
    this.clock = clock;
  }

  /** Who owns a key. */
  public enum Config {
    @JsonProperty(KeyDetails.OF_USER)
    USER,
    @JsonProperty(KeyDetails.OF_ORGANIZATION)
    ORGANIZATION
  }

  /**
   * A key to make.
   *
   * @param configId who owns it; follows from {@code organizationId} if absent
   * @param expiresIn seconds, a day to a year; no end if absent
   * @param remaining requests; any number if absent
   * @param metadata an object of at most 4,096 characters of JSON
   * @param refillInterval milliseconds
   * @param rateLimitTimeWindow milliseconds, a second to an hour, counted in each process
   * @param permissions actions by resource; all that the caller has but the instance's
   *     administration, if absent
   * @param userId is refused: a key is the caller's
   */
  public record CreateApiKey(
      @Nullable Config configId,
      @Nullable @Size(min = 1, max = KeyRules.MAX_NAME) String name,
      @Nullable @Min(1) Long expiresIn,
      @Nullable @Pattern(regexp = KeyRules.PREFIX) String prefix,
      @Nullable @Min(0) @Max(KeyRules.MAX_COUNT) Long remaining,
      @Nullable JsonNode metadata,
      @Nullable @Min(1) @Max(KeyRules.MAX_COUNT) Long refillAmount,
      @Nullable @Min(KeyRules.MIN_REFILL_INTERVAL) Long refillInterval,
      @Nullable @Min(KeyRules.MIN_WINDOW) Long rateLimitTimeWindow,
      @Nullable @Min(1) @Max(KeyRules.MAX_COUNT) Long rateLimitMax,
      @Nullable Boolean rateLimitEnabled,
      @Nullable @Size(max = 20)
          Map<@Size(max = 50) String, @Size(max = 20) List<@Size(max = 50) String>> permissions,
      @Nullable @Size(max = MAX_ID) String userId,
      @Nullable @Size(max = MAX_ID) String organizationId) {

    KeyLimitsInput limits() {
      return new KeyLimitsInput(
          remaining,
          refillAmount,
          refillInterval,
          rateLimitEnabled,
          rateLimitMax,
          rateLimitTimeWindow);
    }
  }

  /**
   * What to change of a key; what is absent stays.
   *
   * @param expiresIn seconds from now, or null for no end
   * @param metadata an object, or null for none
   * @param userId the caller's, if it is there
   */
  public record UpdateApiKey(
      @Nullable Config configId,
      @NotBlank @Size(max = MAX_ID) String keyId,
      @Nullable @Size(max = MAX_ID) String userId,
      @Nullable @Size(min = 1, max = KeyRules.MAX_NAME) String name,
      @Nullable Boolean enabled,
      @Nullable @Min(1) @Max(KeyRules.MAX_COUNT) Long remaining,
      @Nullable @Min(1) @Max(KeyRules.MAX_COUNT) Long refillAmount,
      @Nullable @Min(KeyRules.MIN_REFILL_INTERVAL) Long refillInterval,
      @Nullable JsonNode metadata,
      @Nullable JsonNode expiresIn,
      @Nullable Boolean rateLimitEnabled,
      @Nullable @Min(KeyRules.MIN_WINDOW) Long rateLimitTimeWindow,
      @Nullable @Min(1) @Max(KeyRules.MAX_COUNT) Long rateLimitMax,
      @Nullable @Size(max = 20)
          Map<@Size(max = 50) String, @Size(max = 20) List<@Size(max = 50) String>> permissions) {

    KeyLimitsInput limits() {
      return new KeyLimitsInput(
          remaining,
          refillAmount,
          refillInterval,
          rateLimitEnabled,
          rateLimitMax,
          rateLimitTimeWindow);
    }

    boolean changesNothing() {
      return limits().isNothing()
          && name == null
          && enabled == null
          && metadata == null
          && expiresIn == null
          && permissions == null;
    }
  }

  /** A key to end. */
  public record DeleteApiKey(
      @Nullable Config configId, @NotBlank @Size(max = MAX_ID) String keyId) {}

  /**
   * A part of the keys.
   *
   * @param limit as it was asked for
   * @param offset as it was asked for
   */
  public record ApiKeyList(
      List<KeyDetails> apiKeys, int total, @Nullable Long limit, @Nullable Long offset) {}

  private static String path(String name) {
    return "/api/auth/api-key/" + name;
  }

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(path("create"), Permission.ACCOUNT, "Make an API key", CreateApiKey.class)
            .answers(200, NewKeyDetails.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(this::create),
        Endpoint.get(path("get"), Permission.ACCOUNT, "An API key")
            .query("id", "string", "The key's id")
            .query("configId", "string", "default or organization")
            .answers(200, KeyDetails.class)
            .handle(
                call ->
                    Answer.json(
                        details(keys.get(call.principal(), call.required("id"), config(call))))),
        Endpoint.get(path("list"), Permission.ACCOUNT, "My API keys, or those of an organization")
            .query("configId", "string", "default or organization")
            .query("organizationId", "string", "The organization")
            .query("limit", "integer", "1 to 200, the default")
            .query("offset", "integer", "How many to pass over")
            .query("sortBy", "string", "A field, id by default")
            .query("sortDirection", "string", "asc or desc")
            .answers(200, ApiKeyList.class)
            .handle(this::list),
        Endpoint.post(path("update"), Permission.ACCOUNT, "Change an API key", UpdateApiKey.class)
            .answers(200, KeyDetails.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION_TO_STRENGTHEN)
            .handle(this::update),
        Endpoint.post(path("delete"), Permission.ACCOUNT, "End an API key", DeleteApiKey.class)
            .answers(200, Done.class)
            .handle(
                call -> {
                  keys.delete(
                      call.principal(),
                      call.body().keyId(),
                      organizations(call.body().configId()),
                      Client.of(call));
                  return Answer.json(Done.SUCCESS);
                }));
  }

  private KeyDetails details(ApiKey key) {
    return KeyDetails.of(key, keys.requestCount(key));
  }

  private static Optional<Boolean> organizations(@Nullable Config config) {
    return Optional.ofNullable(config).map(Config.ORGANIZATION::equals);
  }

  private static Optional<Boolean> config(Call<None> call) {
    return call.query("configId")
        .map(
            text ->
                switch (text) {
                  case KeyDetails.OF_USER -> false;
                  case KeyDetails.OF_ORGANIZATION -> true;
                  default ->
                      throw ProblemException.badRequest(
                          "configId", "must be default or organization");
                });
  }

  private Answer create(Call<CreateApiKey> call) {
    CreateApiKey body = call.body();
    if (body.userId() != null) {
      throw KeyRefusal.UNAUTHORIZED_SESSION.problem();
    }
    checkLongest(body.refillInterval(), body.rateLimitTimeWindow());
    String organizationId = body.organizationId();
    if (body.configId() == Config.ORGANIZATION && organizationId == null) {
      throw KeyRefusal.ORGANIZATION_ID_REQUIRED.problem();
    }
    if (body.configId() == Config.USER && organizationId != null) {
      throw ProblemException.badRequest(
          "organizationId", "is for keys of the configId \"organization\"");
    }
    KeyDraft draft =
        new KeyDraft(
            Objects.requireNonNullElse(body.name(), ""),
            Objects.requireNonNullElse(body.prefix(), KeyDraft.USUAL_PREFIX),
            Optional.ofNullable(body.permissions()).map(KeyRules::scopes),
            KeyRules.life(body.expiresIn()),
            KeyRules.limits(KeyLimits.NONE, body.limits()),
            KeyRules.metadata(body.metadata()));
    Keys.Made made =
        keys.create(call.principal(), Optional.ofNullable(organizationId), draft, Client.of(call));
    return Answer.json(new NewKeyDetails(details(made.key()), made.secret()));
  }

  private static void checkLongest(@Nullable Long refillInterval, @Nullable Long window) {
    if (refillInterval != null && refillInterval > KeyRules.MAX_REFILL_INTERVAL) {
      throw ProblemException.badRequest(
          "refillInterval", "must be " + KeyRules.MAX_REFILL_INTERVAL + " milliseconds at most");
    }
    if (window != null && window > KeyRules.MAX_WINDOW) {
      throw ProblemException.badRequest(
          "rateLimitTimeWindow",
          "must be "
              + KeyRules.MAX_WINDOW
              + " milliseconds at most; remaining with a refill counts for longer");
    }
  }

  private Answer list(Call<None> call) {
    Optional<Boolean> config = config(call);
    Optional<String> organization = call.query("organizationId");
    long limit = call.number("limit", MAX_LISTED, 1, MAX_LISTED);
    long offset = call.number("offset", 0, 0, MAX_OFFSET);
    if (config.filter(one -> one != organization.isPresent()).isPresent()) {
      return Answer.json(page(call, new Keys.Found(List.of(), 0), limit, offset));
    }
    Principal principal = call.principal();
    KeyStore.Query query =
        new KeyStore.Query(
            new KeyOwner(organization.orElse(""), principal.userId(), organization.isPresent()),
            order(call.query("sortBy").orElse("id")),
            isDescending(call.query("sortDirection").orElse("asc")),
            (int) limit,
            (int) offset);
    return Answer.json(page(call, keys.list(principal, query), limit, offset));
  }

  private ApiKeyList page(Call<None> call, Keys.Found found, long limit, long offset) {
    return new ApiKeyList(
        found.keys().stream().map(this::details).toList(),
        found.total(),
        call.query("limit").map(text -> limit).orElse(null),
        call.query("offset").map(text -> offset).orElse(null));
  }

  private static KeyStore.Order order(String field) {
    return switch (field) {
      case "id" -> KeyStore.Order.ID;
      case "name" -> KeyStore.Order.NAME;
      case "createdAt" -> KeyStore.Order.CREATED_AT;
      case "updatedAt" -> KeyStore.Order.UPDATED_AT;
      case "expiresAt" -> KeyStore.Order.EXPIRES_AT;
      case "lastRequest" -> KeyStore.Order.LAST_REQUEST;
      default ->
          throw ProblemException.badRequest(
              "sortBy", "must be id, name, createdAt, updatedAt, expiresAt or lastRequest");
    };
  }

  private static boolean isDescending(String direction) {
    return switch (direction) {
      case "asc" -> false;
      case "desc" -> true;
      default -> throw ProblemException.badRequest("sortDirection", "must be asc or desc");
    };
  }

  private Answer update(Call<UpdateApiKey> call) {
    UpdateApiKey body = call.body();
    Principal principal = call.principal();
    if (body.userId() != null && !body.userId().equals(principal.userId())) {
      throw KeyRefusal.UNAUTHORIZED_SESSION.problem();
    }
    checkLongest(body.refillInterval(), body.rateLimitTimeWindow());
    Optional<Boolean> organizations = organizations(body.configId());
    if (body.changesNothing()) {
      keys.get(principal, body.keyId(), organizations);
      throw KeyRefusal.NO_VALUES_TO_UPDATE.problem();
    }
    Optional<List<String>> scopes = Optional.ofNullable(body.permissions()).map(KeyRules::scopes);
    ApiKey changed =
        keys.update(
            principal,
            body.keyId(),
            organizations,
            scopes,
            old -> change(old, body),
            Client.of(call));
    return Answer.json(details(changed));
  }

  private ApiKey.Change change(ApiKey.Change old, UpdateApiKey body) {
    Instant now = clock.instant();
    KeyLimits limits = KeyRules.limits(old.limits(), body.limits());
    JsonNode expiresIn = body.expiresIn();
    Optional<Duration> life = expiresIn == null ? Optional.empty() : KeyRules.life(expiresIn);
    return new ApiKey.Change(
        Objects.requireNonNullElse(body.name(), old.name()),
        old.scopes(),
        Objects.requireNonNullElse(body.enabled(), old.enabled()),
        expiresIn == null ? old.expiresAt() : life.map(now::plus).orElse(null),
        limits,
        body.refillInterval() == null ? old.refillAt() : Keys.refillAt(limits, now),
        body.metadata() == null ? old.metadata() : KeyRules.metadata(body.metadata()));
  }
}
