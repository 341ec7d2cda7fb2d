package dev.mainstay.server.identity;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.mainstay.server.platform.http.ShownOnce;

/**
 * A key that was just made.
 *
 * @param key the secret itself, shown this once
 */
public record NewApiKey(@JsonUnwrapped ApiKeyView view, String key) implements ShownOnce {

  @Override
  public Object withoutSecret() {
    return view;
  }

  /** Not the secret. */
  @Override
  public String toString() {
    return "NewApiKey[" + view.id() + "]";
  }
}
