package dev.mainstay.queue;

/** The engine of this queue cannot do what was asked; nothing has changed. */
public final class UnsupportedFeatureException extends UnsupportedOperationException {
  private static final long serialVersionUID = 1L;

  private final String feature;

  /**
   * @param feature what was asked for, in the plural: {@code Groups}
   * @param engine that cannot do it
   */
  public UnsupportedFeatureException(String feature, String engine) {
    super("%s are not supported on %s".formatted(feature, engine));
    this.feature = feature;
  }

  public String feature() {
    return feature;
  }
}
