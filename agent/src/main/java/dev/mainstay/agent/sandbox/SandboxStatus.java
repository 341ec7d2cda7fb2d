package dev.mainstay.agent.sandbox;

/**
 * What the probe at start found.
 *
 * @param shellAvailable whether commands can run at all
 * @param isolated whether they run inside bubblewrap
 * @param detail one sentence for an operator: what works, or why it does not and what to do
 */
public record SandboxStatus(
    boolean shellAvailable, boolean isolated, Limiter limiter, String detail) {}
