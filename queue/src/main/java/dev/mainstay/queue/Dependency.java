package dev.mainstay.queue;

import java.util.Optional;

/**
 * A child of a job, as its parent sees it. It stays as long as the parent does, whatever becomes of
 * the child.
 *
 * @param value what a processed child returned, in JSON, or why an ignored or failed one failed
 */
public record Dependency(JobKey job, DependencyState state, Optional<String> value) {}
