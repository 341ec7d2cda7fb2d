package dev.mainstay.server.identity;

import dev.mainstay.server.platform.ProblemException;
import java.util.Locale;

/** Why a request about a key is refused: Better Auth's codes and messages. */
enum KeyRefusal {
  KEY_NOT_FOUND(404, "API Key not found"),
  UNAUTHORIZED_SESSION(401, "Unauthorized or invalid session"),
  EXPIRES_IN_IS_TOO_SMALL(400, "The expiresIn is smaller than the predefined minimum value."),
  EXPIRES_IN_IS_TOO_LARGE(400, "The expiresIn is larger than the predefined maximum value."),
  REFILL_AMOUNT_AND_INTERVAL_REQUIRED(
      400, "refillAmount is required when refillInterval is provided"),
  REFILL_INTERVAL_AND_AMOUNT_REQUIRED(
      400, "refillInterval is required when refillAmount is provided"),
  INVALID_METADATA_TYPE(400, "metadata must be an object or undefined"),
  NO_VALUES_TO_UPDATE(400, "No values to update."),
  ORGANIZATION_ID_REQUIRED(400, "Organization ID is required for organization-owned API keys."),
  USER_NOT_MEMBER_OF_ORGANIZATION(
      403, "You are not a member of the organization that owns this API key."),
  INSUFFICIENT_API_KEY_PERMISSIONS(
      403, "You do not have permission to perform this action on organization API keys.");

  private final int status;
  private final String message;

  KeyRefusal(int status, String message) {
    this.status = status;
    this.message = message;
  }

  ProblemException problem() {
    String title =
        switch (status) {
          case 400 -> "Invalid input";
          case 401 -> "Not signed in";
          case 404 -> "Not found";
          default -> "Not allowed";
        };
    return ProblemException.of(
        name().toLowerCase(Locale.ROOT).replace('_', '-'), title, status, message);
  }
}
