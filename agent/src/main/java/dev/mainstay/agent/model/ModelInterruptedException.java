package dev.mainstay.agent.model;

import dev.mainstay.agent.Usage;

/** The interrupt of a model call that knows what the call had cost by then. */
public final class ModelInterruptedException extends InterruptedException {
  private static final long serialVersionUID = 1L;

  private final transient Usage usage;

  public ModelInterruptedException(Usage usage) {
    super("The model call was interrupted");
    this.usage = usage;
  }

  public Usage usage() {
    return usage;
  }
}
