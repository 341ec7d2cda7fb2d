package dev.mainstay.server.platform;

import java.util.List;

/** Ends a request with an RFC 9457 problem document. */
public final class ProblemException extends RuntimeException {
  private final Problem problem;

  public ProblemException(Problem problem) {
    super(problem.detail());
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }

  public static ProblemException badRequest(String field, String message) {
    return badRequest(List.of(new FieldError(field, message)));
  }

  public static ProblemException badRequest(List<FieldError> errors) {
    String detail =
        errors.size() == 1
            ? errors.getFirst().field() + " " + errors.getFirst().message()
            : errors.size() + " fields are not valid";
    return new ProblemException(
        new Problem(Problem.INVALID_INPUT, "Invalid input", 400, detail, errors));
  }

  public static ProblemException unauthorized() {
    return of(
        "unauthorized",
        "Not signed in",
        401,
        "Send a session cookie or Authorization: Bearer ms_…");
  }

  public static ProblemException forbidden(String detail) {
    return of("forbidden", "Not allowed", 403, detail);
  }

  public static ProblemException notFound(String what) {
    return of("not-found", "Not found", 404, "There is no such " + what);
  }

  public static ProblemException conflict(String code, String detail) {
    return of(code, "Conflict", 409, detail);
  }

  /**
   * @param seconds after which the caller may try again; sent as {@code Retry-After}
   */
  public static ProblemException tooMany(long seconds) {
    return new ProblemException(
        new Problem(
            "too-many-requests",
            "Too many requests",
            429,
            "Try again in " + seconds + " seconds",
            List.of(),
            seconds));
  }

  public static ProblemException of(String code, String title, int status, String detail) {
    return new ProblemException(new Problem(code, title, status, detail, List.of()));
  }
}
