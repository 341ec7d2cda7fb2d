package dev.mainstay.server.platform;

/** Where jobs are kept. */
public enum QueueEngine {
  SQLITE,
  POSTGRES,
  REDIS
}
