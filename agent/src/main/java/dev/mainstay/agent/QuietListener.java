package dev.mainstay.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a listener's failure away from the run: live output may be missed. */
record QuietListener(LiveListener listener) implements LiveListener {
  private static final Logger log = LoggerFactory.getLogger(QuietListener.class);

  @Override
  public void delta(ObjectNode delta) {
    try {
      listener.delta(delta);
    } catch (RuntimeException e) {
      log.debug("A live listener failed", e);
    }
  }
}
