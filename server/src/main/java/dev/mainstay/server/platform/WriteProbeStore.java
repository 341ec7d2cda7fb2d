package dev.mainstay.server.platform;

import static dev.mainstay.server.schema.Tables.WRITE_PROBES;

/** The table in which a process tries whether it can write. */
final class WriteProbeStore {

  /**
   * Writes a row and takes it back in the same transaction, which has to be committed all the same.
   */
  void probe(Tx tx) {
    String id = Ids.next();
    tx.sql().insertInto(WRITE_PROBES).set(WRITE_PROBES.ID, id).execute();
    tx.sql().deleteFrom(WRITE_PROBES).where(WRITE_PROBES.ID.eq(id)).execute();
  }
}
