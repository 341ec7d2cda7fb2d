package dev.mainstay.server.organization;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import dev.mainstay.server.platform.JsonSchema;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Better Auth's endpoints of organizations. */
final class OrganizationEndpoints {
  static final int MAX_ID = 100;
  static final int MAX_NAME = 100;

  private static final String SLUG = "[a-z0-9]+([._-][a-z0-9]+)*";
  private static final String SLUG_RULE =
      "must be lower-case letters and digits, in parts with one -, _ or . between them";
  private static final String LOGO =
      "https?://[^\\s\\p{Cntrl}\"'<>\\\\]{1,2048}"
          + "|data:image/(?:png|jpeg|gif|webp|avif);base64,[A-Za-z0-9+/]+={0,2}";
  private static final String LOGO_RULE =
      "must be an http:// or https:// URL, or a picture as data:image/png;base64,…";

  /** Of a picture in its own address: some 24 KiB. */
  private static final int MAX_LOGO = 32_768;

  static final String NULLABLE_TEXT = "{\"type\": [\"string\", \"null\"]}";

  private final OrganizationService organizations;
  private final InvitationService invitations;

  OrganizationEndpoints(OrganizationService organizations, InvitationService invitations) {
    this.organizations = organizations;
    this.invitations = invitations;
  }

  /**
   * An organization to make.
   *
   * @param slug names it in addresses
   * @param logo an http:// or https:// URL
   * @param metadata at most 16 KiB of JSON, kept as it is
   * @param keepCurrentActiveOrganization the session goes on to act where it does
   */
  public record CreateOrganization(
      @NotBlank @Size(max = MAX_NAME) String name,
      @NotNull @Size(max = MAX_NAME) @Pattern(regexp = SLUG, message = SLUG_RULE) String slug,
      @Nullable @Size(max = MAX_LOGO) @Pattern(regexp = LOGO, message = LOGO_RULE) String logo,
      @Nullable Map<@Size(max = 100) String, JsonNode> metadata,
      @Nullable Boolean keepCurrentActiveOrganization) {}

  /** An organization that was made, with its owner. */
  @JsonInclude
  public record CreatedOrganization(
      String id,
      String name,
      String slug,
      @Nullable String logo,
      @Nullable @JsonInclude(JsonInclude.Include.NON_NULL) JsonNode metadata,
      Instant createdAt,
      List<MemberView> members) {}

  /** A slug to look for. */
  public record CheckSlug(
      @NotBlank @Size(max = MAX_NAME) @Pattern(regexp = SLUG, message = SLUG_RULE) String slug) {}

  /** That a slug is free. */
  public record SlugStatus(boolean status) {}

  /**
   * What to change; what is absent stays.
   *
   * @param logo an http:// or https:// URL; null or empty for none
   */
  public record OrganizationChange(
      @Nullable @Size(min = 1, max = MAX_NAME) String name,
      @Nullable @Size(max = MAX_NAME) @Pattern(regexp = SLUG, message = SLUG_RULE) String slug,
      @Nullable @JsonSchema(NULLABLE_TEXT) JsonNode logo,
      @Nullable Map<@Size(max = 100) String, JsonNode> metadata) {

    @Nullable String logoOr(@Nullable String old) {
      if (logo == null) {
        return old;
      }
      if (logo.isNull() || (logo.isTextual() && logo.textValue().isEmpty())) {
        return null;
      }
      if (!logo.isTextual()
          || logo.textValue().length() > MAX_LOGO
          || !logo.textValue().matches(LOGO)) {
        throw ProblemException.badRequest("data.logo", LOGO_RULE);
      }
      return logo.textValue();
    }
  }

  /**
   * Changes an organization.
   *
   * @param organizationId the active one if absent
   */
  public record UpdateOrganization(
      @NotNull @Valid OrganizationChange data,
      @Nullable @Size(max = MAX_ID) String organizationId) {}

  /** An organization. */
  public record OrganizationId(@NotBlank @Size(max = MAX_ID) String organizationId) {}

  /**
   * Where the session is to act.
   *
   * @param organizationId null for the caller's own; the active one stays if both are absent
   */
  public record SetActive(
      @Nullable @JsonSchema(NULLABLE_TEXT) JsonNode organizationId,
      @Nullable @Size(max = MAX_NAME) String organizationSlug) {}

  /** An organization with all that its members see of it. */
  @JsonInclude
  public record FullOrganization(
      String id,
      String name,
      String slug,
      @Nullable String logo,
      @Nullable JsonNode metadata,
      Instant createdAt,
      List<Invitation> invitations,
      List<MemberView> members,
      List<CountedTeam> teams) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/api/auth/organization/create",
                Permission.ACCOUNT,
                "Make an organization",
                CreateOrganization.class)
            .answers(200, CreatedOrganization.class)
            .handle(this::create),
        Endpoint.post(
                "/api/auth/organization/check-slug",
                Permission.ACCOUNT,
                "Whether a slug is free; 400 if it is not",
                CheckSlug.class)
            .answers(200, SlugStatus.class)
            .handle(this::checkSlug),
        Endpoint.post(
                "/api/auth/organization/update",
                Permission.ACCOUNT,
                "Change an organization",
                UpdateOrganization.class)
            .answers(200, OrganizationView.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  UpdateOrganization body = call.body();
                  return Answer.json(
                      OrganizationView.changed(
                          organizations.update(
                              caller, caller.organization(body.organizationId()), body.data())));
                }),
        Endpoint.post(
                "/api/auth/organization/delete",
                Permission.ACCOUNT,
                "Delete an organization that is nobody's own",
                OrganizationId.class)
            .answers(200, OrganizationView.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(
                call ->
                    Answer.json(
                        OrganizationView.of(
                            organizations.delete(Caller.of(call), call.body().organizationId())))),
        Endpoint.post(
                "/api/auth/organization/set-active",
                Permission.ACCOUNT,
                "Say in which organization the session acts",
                SetActive.class)
            .answers(200, OrganizationView.class)
            .handle(this::setActive),
        Endpoint.get("/api/auth/organization/list", Permission.ACCOUNT, "The organizations I am in")
            .answersList(OrganizationView.class)
            .handle(
                call ->
                    Answer.json(
                        organizations.list(Caller.of(call)).stream()
                            .map(OrganizationView::of)
                            .toList())),
        Endpoint.get(
                "/api/auth/organization/get-organization",
                Permission.ACCOUNT,
                "One of my organizations")
            .query("organizationId", "string", "Its id; the active one if absent")
            .query("organizationSlug", "string", "Its slug, in the place of the id")
            .answers(200, OrganizationView.class)
            .handle(
                call ->
                    Answer.json(
                        OrganizationView.of(
                            organizations.find(
                                Caller.of(call),
                                call.query("organizationId"),
                                call.query("organizationSlug"))))),
        Endpoint.get(
                "/api/auth/organization/get-full-organization",
                Permission.ACCOUNT,
                "One of my organizations with its members, teams and invitations")
            .query("organizationId", "string", "Its id; the active one if absent")
            .query("organizationSlug", "string", "Its slug, in the place of the id")
            .query("membersLimit", "integer", "How many members, 1 to 200; default 100")
            .answers(200, FullOrganization.class)
            .handle(this::full));
  }

  private Answer create(Call<CreateOrganization> call) {
    OrganizationService.Created created = organizations.create(Caller.of(call), call.body());
    Organization organization = created.organization();
    return Answer.json(
        new CreatedOrganization(
            organization.id(),
            organization.name(),
            organization.slug(),
            organization.logo(),
            OrganizationView.metadata(organization),
            organization.createdAt(),
            List.of(MemberView.of(created.owner()))));
  }

  private Answer checkSlug(Call<CheckSlug> call) {
    if (!organizations.isFree(call.body().slug())) {
      throw Refusal.ORGANIZATION_SLUG_ALREADY_TAKEN.badRequest();
    }
    return Answer.json(new SlugStatus(true));
  }

  private Answer setActive(Call<SetActive> call) {
    Caller caller = Caller.of(call);
    JsonNode id = call.body().organizationId();
    Optional<String> slug = Optional.ofNullable(call.body().organizationSlug());
    if (id != null && id.isNull()) {
      return Answer.json(OrganizationView.of(organizations.activate(caller, Optional.empty())));
    }
    String wanted =
        id == null
            ? organizations.find(caller, Optional.empty(), slug).id()
            : OneOrManyTexts.one("organizationId", id);
    return Answer.json(OrganizationView.of(organizations.activate(caller, Optional.of(wanted))));
  }

  private Answer full(Call<None> call) {
    OrganizationService.Full full =
        organizations.full(
            Caller.of(call),
            call.query("organizationId"),
            call.query("organizationSlug"),
            (int) call.number("membersLimit", MemberQuery.DEFAULT_LIMIT, 1, MemberQuery.MAX_LIMIT));
    Organization organization = full.organization();
    return Answer.json(
        new FullOrganization(
            organization.id(),
            organization.name(),
            organization.slug(),
            organization.logo(),
            OrganizationView.text(organization),
            organization.createdAt(),
            invitations.visible(full.asking()),
            full.members().stream()
                .map(member -> MemberView.of(member, full.people().get(member.userId())))
                .toList(),
            full.teams()));
  }
}
