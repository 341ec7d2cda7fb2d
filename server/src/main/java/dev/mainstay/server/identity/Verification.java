package dev.mainstay.server.identity;

import java.time.Instant;
import java.util.Optional;

/**
 * What was sent to an address.
 *
 * @param userId whose address it was when it was sent, if anybody's
 * @param data what more was asked for then
 */
record Verification(
    String id, String email, Optional<String> userId, Optional<String> data, Instant createdAt) {
  /** Something that is sent to a user. */
  record Request(Purpose purpose, String email, Optional<String> userId, Optional<String> data) {
    static Request of(Purpose purpose, String email, Optional<User> user) {
      return new Request(purpose, email, user.map(User::id), Optional.empty());
    }

    Request with(String text) {
      return new Request(purpose, email, userId, Optional.of(text));
    }
  }
}
