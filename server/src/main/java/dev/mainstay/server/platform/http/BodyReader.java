package dev.mainstay.server.platform.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.mainstay.server.platform.FieldError;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.ProblemException;
import io.javalin.http.Context;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.hibernate.validator.messageinterpolation.ParameterMessageInterpolator;

/**
 * Reads a body strictly: bounded, known fields alone, exact types, and then the record's own rules.
 */
final class BodyReader {
  static final int MAX_BODY_BYTES = 1024 * 1024;

  /** Built on first use: it takes a noticeable part of the time that a start should take. */
  private static final class Rules {
    static final Validator VALIDATOR =
        Validation.byDefaultProvider()
            .configure()
            .messageInterpolator(new ParameterMessageInterpolator())
            .buildValidatorFactory()
            .getValidator();
  }

  private BodyReader() {}

  static byte[] bytes(Context context) throws IOException {
    // Before a byte of it is asked for: a client that waits for "100 Continue" sends none.
    if (context.req().getContentLengthLong() > MAX_BODY_BYTES) {
      throw tooLarge();
    }
    try (InputStream in = context.req().getInputStream()) {
      byte[] bytes = in.readNBytes(MAX_BODY_BYTES + 1);
      if (bytes.length > MAX_BODY_BYTES) {
        throw tooLarge();
      }
      return bytes;
    }
  }

  private static ProblemException tooLarge() {
    return ProblemException.of(
        "body-too-large",
        "Body too large",
        413,
        "A body may have " + MAX_BODY_BYTES + " bytes at most");
  }

  /** Refuses what is not sent as JSON. */
  static void requireJson(Context context) {
    String type = context.contentType();
    if (type == null
        || !type.toLowerCase(Locale.ROOT)
            .replaceFirst(";.*", "")
            .strip()
            .equals("application/json")) {
      throw ProblemException.of(
          "unsupported-media-type",
          "Not JSON",
          415,
          "Send the body as application/json, with that as Content-Type");
    }
  }

  static <B> B parse(byte[] bytes, Class<B> type) {
    if (bytes.length == 0) {
      throw ProblemException.badRequest("body", "is missing: send a JSON object");
    }
    B body = read(bytes, type);
    if (body == null) {
      throw ProblemException.badRequest("body", "must be a JSON object");
    }
    List<FieldError> errors =
        Rules.VALIDATOR.validate(body).stream()
            .sorted(Comparator.comparing(violation -> violation.getPropertyPath().toString()))
            .map(violation -> error(body, violation))
            .toList();
    if (!errors.isEmpty()) {
      throw ProblemException.badRequest(errors);
    }
    Nul.find(body).ifPresent(path -> Nul.refuse(path, "\0"));
    return body;
  }

  private static FieldError error(Object body, ConstraintViolation<?> violation) {
    // What is wrong with an element itself is at the element.
    String path = violation.getPropertyPath().toString().replace(".<list element>", "");
    return new FieldError(
        body instanceof OneOrMany<?> items ? items.field(path) : path, violation.getMessage());
  }

  private static <B> B read(byte[] bytes, Class<B> type) {
    try {
      return Json.MAPPER.readValue(bytes, type);
    } catch (UnrecognizedPropertyException e) {
      throw ProblemException.badRequest(field(e), "is not known");
    } catch (MismatchedInputException e) {
      throw ProblemException.badRequest(field(e), "must be " + describe(e.getTargetType()));
    } catch (JsonMappingException e) {
      throw ProblemException.badRequest(field(e), "is not valid");
    } catch (JsonProcessingException e) {
      throw ProblemException.badRequest("body", "is not valid JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw ProblemException.badRequest("body", "cannot be read");
    }
  }

  private static String field(JsonMappingException e) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference part : e.getPath()) {
      if (part.getFieldName() != null) {
        path.append(path.isEmpty() ? "" : ".").append(part.getFieldName());
      } else {
        path.append('[').append(part.getIndex()).append(']');
      }
    }
    return path.isEmpty() ? "body" : path.toString();
  }

  private static String describe(@org.jspecify.annotations.Nullable Class<?> type) {
    if (type == null) {
      return "of another type";
    }
    if (type.isEnum()) {
      return "one of " + String.join(", ", names(type));
    }
    if (type == String.class) {
      return "a string";
    }
    if (type == Boolean.class || type == boolean.class) {
      return "true or false";
    }
    if (type == Integer.class || type == Long.class || type == int.class || type == long.class) {
      return "a whole number in range";
    }
    if (Number.class.isAssignableFrom(type)) {
      return "a number";
    }
    if (type == Instant.class) {
      return "a time such as 2026-01-31T12:00:00Z";
    }
    return List.class.isAssignableFrom(type) ? "a list" : "an object";
  }

  private static List<String> names(Class<?> type) {
    return java.util.Arrays.stream(type.getEnumConstants())
        .map(constant -> Json.MAPPER.convertValue(constant, String.class))
        .toList();
  }

  /** Loads the rules' classes, so that the first request does not wait for them. */
  static void warm() {
    Rules.VALIDATOR.validate(new Endpoint.None());
  }
}
