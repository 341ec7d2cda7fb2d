package dev.mainstay.agent.sandbox;

/** How shell commands run. */
public enum SandboxMode {
  /** In bubblewrap; where that does not work there is no shell. */
  AUTO,
  /**
   * Without isolation, as the server's own user: only for a machine that is itself the sandbox.
   * Environment, resource limits and the kill of the whole process tree stay.
   */
  OFF
}
