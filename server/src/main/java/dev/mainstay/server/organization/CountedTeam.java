package dev.mainstay.server.organization;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/** A team with how many are in it, in Better Auth's shape. */
public record CountedTeam(@JsonUnwrapped Team team, int memberCount) {}
