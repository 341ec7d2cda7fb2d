package dev.mainstay.server.organization;

import java.time.Instant;

/** Somebody in a team, in Better Auth's shape. */
public record TeamMember(String id, String teamId, String userId, Instant createdAt) {}
