package dev.mainstay.server.identity;

/**
 * Whose key it is.
 *
 * @param organizationId where it acts
 * @param userId who made it, and whose it is unless the organization owns it
 */
record KeyOwner(String organizationId, String userId, boolean organization) {}
