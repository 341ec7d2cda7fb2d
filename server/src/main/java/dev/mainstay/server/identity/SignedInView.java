package dev.mainstay.server.identity;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A user who has signed in or up, in Better Auth's shape.
 *
 * @param redirect true if the caller is to go to {@code url}; absent after a sign-up
 * @param token names the session, as in {@code list-sessions}; null if none was opened. The secret
 *     is in the cookie alone
 */
public record SignedInView(
    @Nullable Boolean redirect,
    @Nullable @JsonInclude String token,
    @Nullable String url,
    UserView user) {}
