package dev.mainstay.agent.sandbox;

/** What enforces memory and process limits on this machine. */
public enum Limiter {
  /** A delegated cgroup v2 subtree: limits hold for a whole session. */
  CGROUP_V2,
  /** Writable cgroup v1 memory and pids hierarchies: limits hold for a whole session. */
  CGROUP_V1,
  /** Resource limits alone: memory is bounded per process, not per session. */
  PRLIMIT
}
