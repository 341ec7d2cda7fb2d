package dev.mainstay.server.platform.http;

import dev.mainstay.server.platform.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The one declaration of an endpoint: routing, validation, authorization and OpenAPI follow from
 * it.
 *
 * @param path Javalin's form, {@code /api/tasks/{id}}
 * @param body {@link None} if it takes none
 * @param bodyRequired false if no body means {@code {}}
 * @param creates answered through a transaction that also keeps the answer under the caller's
 *     {@code Idempotency-Key}
 * @param changes why it changes something although it is a GET, which programs that read mail may
 *     send; empty for all others
 * @param stepUp what it asks for beside the permission
 * @param fromElsewhere other sites send browsers here: parameters that are not known are passed
 *     over, and a form is taken from whatever page
 */
public record Endpoint<B>(
    Method method,
    String path,
    Permission permission,
    String summary,
    Class<B> body,
    boolean bodyRequired,
    List<Query> queries,
    int status,
    Answers answers,
    boolean creates,
    boolean fromElsewhere,
    Optional<String> changes,
    StepUp stepUp,
    Handler<B> handler) {

  public Endpoint {
    if (fromElsewhere && method != Method.GET && permission != Permission.PUBLIC) {
      throw new IllegalArgumentException("pages of other sites may do nothing in a user's name");
    }
  }

  /**
   * What else somebody shows before an act that moves their account or makes it stronger: a session
   * that was left open, or stolen, must not be enough for ever.
   */
  public enum StepUp {
    /** Nothing. */
    NONE,
    /** That they have signed in lately, unless a program comes by a key: else 403. */
    FRESH_SESSION,
    /** The same, where it makes something stronger: the handler says whether it does. */
    FRESH_SESSION_TO_STRENGTHEN,
    /** A password, a code, or the token of a link, in the request; the handler looks at it. */
    OWN_PROOF
  }

  /** HTTP methods in use. */
  public enum Method {
    GET,
    POST,
    PUT,
    DELETE
  }

  /** The body of endpoints that take none. */
  public record None() {
    static final None NONE = new None();
  }

  /** A query parameter. */
  public record Query(String name, String type, String description) {}

  /**
   * What a success carries: a JSON type, a list or a page of it, or content of another type.
   *
   * @param others JSON types that may stand in the place of {@code type}
   */
  public record Answers(Class<?> type, Shape shape, String contentType, List<Class<?>> others) {
    Answers(Class<?> type, Shape shape, String contentType) {
      this(type, shape, contentType, List.of());
    }

    /** How the type is wrapped. */
    public enum Shape {
      ONE,
      LIST,
      PAGE,
      RAW,
      NOTHING,
      REDIRECT
    }
  }

  /** Does the work. */
  @FunctionalInterface
  public interface Handler<B> {
    /**
     * @param tx open only for an endpoint that {@link Endpoint#creates}
     */
    Answer handle(Call<B> call, @org.jspecify.annotations.Nullable Tx tx) throws Exception;
  }

  /** Does the work of an endpoint that needs no transaction from outside. */
  @FunctionalInterface
  public interface Plain<B> {
    Answer handle(Call<B> call) throws Exception;
  }

  /** Does the work of an endpoint that creates something. */
  @FunctionalInterface
  public interface Creating<B> {
    Answer.Body handle(Call<B> call, Tx tx);
  }

  public static Builder<None> get(String path, Permission permission, String summary) {
    return new Builder<>(Method.GET, path, permission, summary, None.class);
  }

  public static Builder<None> post(String path, Permission permission, String summary) {
    return new Builder<>(Method.POST, path, permission, summary, None.class);
  }

  public static <B> Builder<B> post(
      String path, Permission permission, String summary, Class<B> body) {
    return new Builder<>(Method.POST, path, permission, summary, body);
  }

  public static <B> Builder<B> put(
      String path, Permission permission, String summary, Class<B> body) {
    return new Builder<>(Method.PUT, path, permission, summary, body);
  }

  public static Builder<None> delete(String path, Permission permission, String summary) {
    return new Builder<>(Method.DELETE, path, permission, summary, None.class);
  }

  /** Collects what a declaration says. An endpoint without a permission cannot be written. */
  public static final class Builder<B> {
    private final Method method;
    private final String path;
    private final Permission permission;
    private final String summary;
    private final Class<B> body;
    private boolean bodyRequired = true;
    private final List<Query> queries = new ArrayList<>();
    private int status = 200;
    private boolean fromElsewhere;
    private Optional<String> changes = Optional.empty();
    private StepUp stepUp = StepUp.NONE;
    private Answers answers = new Answers(None.class, Answers.Shape.NOTHING, "application/json");

    private Builder(
        Method method, String path, Permission permission, String summary, Class<B> body) {
      this.method = method;
      this.path = path;
      this.permission = permission;
      this.summary = summary;
      this.body = body;
    }

    /** Without a body, the request is read as {@code {}}. */
    public Builder<B> bodyOptional() {
      bodyRequired = false;
      return this;
    }

    public Builder<B> query(String name, String type, String description) {
      queries.add(new Query(name, type, description));
      return this;
    }

    /**
     * Other sites and mails send browsers here, whose parameters are theirs; a POST has a form, and
     * is nobody's.
     */
    public Builder<B> fromElsewhere() {
      fromElsewhere = true;
      return this;
    }

    /** A GET that changes something, which clients call so; with the reason why it may. */
    public Builder<B> changes(String reason) {
      changes = Optional.of(reason);
      return this;
    }

    public Builder<B> stepUp(StepUp what) {
      stepUp = what;
      return this;
    }

    /** {@code limit} and {@code cursor}, and a page of {@code type} as the answer. */
    public Builder<B> pageOf(Class<?> type) {
      query(
          "limit",
          "integer",
          "Items per page, 1 to " + Page.MAX_LIMIT + "; default " + Page.DEFAULT_LIMIT);
      query("cursor", "string", "nextCursor of the page before");
      answers = new Answers(type, Answers.Shape.PAGE, "application/json");
      return this;
    }

    public Builder<B> answers(int status, Class<?> type) {
      this.status = status;
      answers = new Answers(type, Answers.Shape.ONE, "application/json");
      return this;
    }

    public Builder<B> answersList(Class<?> type) {
      answers = new Answers(type, Answers.Shape.LIST, "application/json");
      return this;
    }

    public Builder<B> answersRaw(String contentType) {
      answers = new Answers(None.class, Answers.Shape.RAW, contentType);
      return this;
    }

    /** Another page: 302. Or, if the caller has named none, {@code type}. */
    public Builder<B> answersRedirectOr(Class<?> type) {
      answers = new Answers(type, Answers.Shape.REDIRECT, "application/json");
      return this;
    }

    /** Or, in the same place, another JSON type. */
    public Builder<B> orAnswers(Class<?> type) {
      answers = new Answers(answers.type(), answers.shape(), answers.contentType(), List.of(type));
      return this;
    }

    public Builder<B> answersNothing() {
      status = 204;
      return this;
    }

    public Endpoint<B> handle(Plain<B> plain) {
      return build(false, (call, tx) -> plain.handle(call));
    }

    public Endpoint<B> create(Creating<B> creating) {
      return build(
          true,
          (call, tx) -> {
            if (tx == null) {
              throw new IllegalStateException("an endpoint that creates needs a transaction");
            }
            return creating.handle(call, tx);
          });
    }

    private Endpoint<B> build(boolean creates, Handler<B> handler) {
      return new Endpoint<>(
          method,
          path,
          permission,
          summary,
          body,
          bodyRequired,
          List.copyOf(queries),
          status,
          answers,
          creates,
          fromElsewhere,
          changes,
          stepUp,
          handler);
    }
  }
}
