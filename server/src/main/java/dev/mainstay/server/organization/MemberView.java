package dev.mainstay.server.organization;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A member, in Better Auth's shape.
 *
 * @param role one or several with commas
 * @param user who it is; absent where Better Auth leaves it out
 */
public record MemberView(
    String id,
    String organizationId,
    String userId,
    String role,
    Instant createdAt,
    @Nullable MemberUser user) {

  /**
   * What members see of each other.
   *
   * @param email absent before they have given one
   */
  @JsonInclude
  public record MemberUser(String id, String name, @Nullable String email, @Nullable String image) {

    static MemberUser of(Users.Person person) {
      return new MemberUser(
          person.id(), person.name(), person.email().orElse(null), person.image());
    }
  }

  static MemberView of(Member member) {
    return of(member, null);
  }

  static MemberView of(Member member, Users.@Nullable Person person) {
    return new MemberView(
        member.id(),
        member.organizationId(),
        member.userId(),
        member.role(),
        member.createdAt(),
        person == null ? null : MemberUser.of(person));
  }
}
