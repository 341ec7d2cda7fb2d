package dev.mainstay.server.organization;

import static dev.mainstay.server.organization.OrganizationEndpoints.MAX_ID;

import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Permission;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Requests to join, which Better Auth does not have. */
final class MembershipRequestEndpoints {
  private final MembershipRequestService requests;

  MembershipRequestEndpoints(MembershipRequestService requests) {
    this.requests = requests;
  }

  /**
   * Asks to join.
   *
   * @param organizationId the one whose domain the caller's address is at, if absent
   */
  public record RequestMembership(@Nullable @Size(max = MAX_ID) String organizationId) {}

  /** A request to join. */
  public record RequestId(@NotBlank @Size(max = MAX_ID) String requestId) {}

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/api/auth/organization/request-membership",
                Permission.ACCOUNT,
                "Ask to join the organization whose domain my address is at",
                RequestMembership.class)
            .bodyOptional()
            .answers(200, MembershipRequest.class)
            .handle(
                call ->
                    Answer.json(
                        requests.request(
                            Caller.of(call), Optional.ofNullable(call.body().organizationId())))),
        Endpoint.get(
                "/api/auth/organization/list-membership-requests",
                Permission.ACCOUNT,
                "Who asks to join one of my organizations, 200 at most")
            .query("organizationId", "string", "Its id; the active one if absent")
            .answersList(MembershipRequest.class)
            .handle(
                call -> {
                  Caller caller = Caller.of(call);
                  return Answer.json(
                      requests.list(caller, caller.organization(call.query("organizationId"))));
                }),
        Endpoint.post(
                "/api/auth/organization/accept-membership-request",
                Permission.ACCOUNT,
                "Let somebody join who asks for it",
                RequestId.class)
            .answers(200, MembershipRequest.class)
            .handle(call -> Answer.json(requests.accept(Caller.of(call), call.body().requestId()))),
        Endpoint.post(
                "/api/auth/organization/reject-membership-request",
                Permission.ACCOUNT,
                "Do not let somebody join who asks for it",
                RequestId.class)
            .answers(200, MembershipRequest.class)
            .handle(
                call -> Answer.json(requests.reject(Caller.of(call), call.body().requestId()))));
  }
}
