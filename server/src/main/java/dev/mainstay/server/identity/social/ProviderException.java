package dev.mainstay.server.identity.social;

/** A provider did not do what it was asked for. The message holds nothing that it has said. */
public final class ProviderException extends RuntimeException {
  private final Reason reason;

  /** What went wrong, by what a browser is told. */
  public enum Reason {
    /** It cannot be reached, takes too long, fails, or answers what cannot be read. */
    UNAVAILABLE("provider_unavailable"),
    /** It does not take the code. */
    CODE_REFUSED("invalid_code"),
    /** It does not take the refresh token any more (RFC 6749, section 5.2: invalid_grant). */
    GRANT_ENDED("invalid_grant"),
    /** It does not say who somebody is, or says so in a way that proves nothing. */
    NO_PROFILE("unable_to_get_user_info"),
    ISSUER_MISSING("issuer_missing"),
    ISSUER_MISMATCH("issuer_mismatch");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  ProviderException(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  static ProviderException unavailable(String message) {
    return new ProviderException(Reason.UNAVAILABLE, message);
  }

  static ProviderException noProfile(String message) {
    return new ProviderException(Reason.NO_PROFILE, message);
  }

  public Reason reason() {
    return reason;
  }
}
