package dev.mainstay.server.platform;

import java.sql.Connection;

/** How a transaction is confined to the rows of its tenant. */
interface TxConfinement {

  /** It is not. */
  TxConfinement NONE =
      new TxConfinement() {
        @Override
        public void lift(Connection connection) {}

        @Override
        public void restore(Connection connection) {}
      };

  /** Gives the transaction the server's own rights. */
  void lift(Connection connection);

  /** Takes them away again. */
  void restore(Connection connection);
}
