package dev.mainstay.server.identity;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/**
 * A key that was just made, in Better Auth's shape.
 *
 * @param key the secret itself, shown this once
 */
public record NewKeyDetails(@JsonUnwrapped KeyDetails details, String key) {

  /** Not the secret. */
  @Override
  public String toString() {
    return "NewKeyDetails[" + details.id() + "]";
  }
}
