package dev.mainstay.server.identity;

import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.Permission;
import java.util.List;

/** How an administrator lets somebody in again. Better Auth has nothing of the kind. */
final class RecoveryEndpoints {
  private final Administration administration;

  RecoveryEndpoints(Administration administration) {
    this.administration = administration;
  }

  List<Endpoint<?>> endpoints() {
    return List.of(
        Endpoint.post(
                "/api/admin/users/{id}/reset-two-factor",
                Permission.INSTANCE_ADMIN,
                "Take a lost second factor off a user, whose sessions end")
            .answers(200, UserView.class)
            .stepUp(Endpoint.StepUp.FRESH_SESSION)
            .handle(
                call ->
                    Answer.json(
                        UserView.of(
                            administration.resetTwoFactor(
                                call.principal(), call.path("id"), Client.of(call))))));
  }
}
