package dev.mainstay.server.identity;

import org.jspecify.annotations.Nullable;

/**
 * Better Auth's answer where there is nothing else to say: one of both is there.
 *
 * @param status for most
 * @param success for some
 */
public record Done(@Nullable Boolean status, @Nullable Boolean success) {
  static final Done STATUS = new Done(true, null);
  static final Done SUCCESS = new Done(null, true);
}
