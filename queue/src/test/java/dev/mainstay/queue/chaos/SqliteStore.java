package dev.mainstay.queue.chaos;

import java.nio.file.Path;

/** A file; it has no server, so what serves it is the processes that have it open. */
record SqliteStore(Path file) implements DurableStore {

  @Override
  public String url() {
    return "jdbc:sqlite:" + file;
  }

  @Override
  public void crash() {
    // The test kills all of its processes.
  }

  @Override
  public void close() {}
}
