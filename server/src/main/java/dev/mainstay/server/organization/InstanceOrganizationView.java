package dev.mainstay.server.organization;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An organization as whoever runs the instance sees it: nothing of what is in it.
 *
 * @param personal it is somebody's own, made with their account
 * @param memberCount how many are in it
 */
public record InstanceOrganizationView(
    String id,
    String name,
    String slug,
    @Nullable String logo,
    boolean personal,
    int memberCount,
    Instant createdAt) {}
