package dev.mainstay.server;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.server.platform.Json;
import dev.mainstay.server.platform.JsonSchema;
import dev.mainstay.server.platform.Problem;
import dev.mainstay.server.platform.http.Endpoint;
import dev.mainstay.server.platform.http.OneOrMany;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.Schema;
import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Writes the OpenAPI 3.1 document from the endpoints' declarations and their records. */
final class OpenApiWriter {
  private static final Pattern PATH_PARAMETER = Pattern.compile("\\{(\\w+)}");

  private final ModelConverters converters = new ModelConverters(true);
  private final Map<String, JsonNode> schemas = new TreeMap<>();
  private final Set<Class<?>> seen = new HashSet<>();

  JsonNode write(List<Endpoint<?>> endpoints) {
    ObjectNode paths = Json.object();
    for (Endpoint<?> endpoint : endpoints) {
      ObjectNode path =
          paths.has(endpoint.path())
              ? (ObjectNode) paths.get(endpoint.path())
              : paths.putObject(endpoint.path());
      path.set(endpoint.method().name().toLowerCase(Locale.ROOT), operation(endpoint));
    }
    schema(Problem.class);
    ObjectNode document = Json.object().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Mainstay")
        .put("version", "1")
        .put("description", "The whole backend of an AI-agent product.");
    document.set("paths", paths);
    ObjectNode components = document.putObject("components");
    ObjectNode all = components.putObject("schemas");
    schemas.forEach(all::set);
    ObjectNode security = components.putObject("securitySchemes");
    security
        .putObject("apiKey")
        .put("type", "http")
        .put("scheme", "bearer")
        .put("description", "An API key, ms_…");
    security
        .putObject("session")
        .put("type", "apiKey")
        .put("in", "cookie")
        .put("name", "mainstay_session");
    return document;
  }

  private ObjectNode operation(Endpoint<?> endpoint) {
    ObjectNode operation = Json.object().put("summary", endpoint.summary());
    operation.put("operationId", operationId(endpoint));
    operation.putArray("tags").add(tag(endpoint.path()));
    ArrayNode security = operation.putArray("security");
    switch (endpoint.permission()) {
      case PUBLIC -> {
        // nothing is asked for
      }
      case ANYONE -> {
        security.addObject();
        security.addObject().putArray("session");
      }
      case SESSION, ACCOUNT -> security.addObject().putArray("session");
      case SIGNED_IN,
          TASKS_READ,
          TASKS_WRITE,
          KEYS_MANAGE,
          QUEUES_READ,
          QUEUES_WRITE,
          QUEUES_OPERATE,
          INSTANCE_ADMIN -> {
        security.addObject().putArray("apiKey");
        security.addObject().putArray("session");
        if (!endpoint.permission().scope().isEmpty()) {
          operation.put("x-scope", endpoint.permission().scope());
        }
      }
    }
    ArrayNode parameters = operation.putArray("parameters");
    Matcher matcher = PATH_PARAMETER.matcher(endpoint.path());
    while (matcher.find()) {
      parameter(parameters, matcher.group(1), "path", "string", "").put("required", true);
    }
    for (Endpoint.Query query : endpoint.queries()) {
      parameter(parameters, query.name(), "query", query.type(), query.description());
    }
    if (endpoint.permission().isOfOrganization()) {
      parameter(
          parameters,
          "X-Organization-Id",
          "header",
          "string",
          "Id or slug of the organization in which the request acts; if absent, the one that the session has active, or"
              + " that the key was made in. 403 if the caller is not a member. Clients that cannot set headers say"
              + " organizationId in the query");
    }
    if (endpoint.creates()) {
      parameter(
          parameters,
          "Idempotency-Key",
          "header",
          "string",
          "Repeating the request with the same key and body gives the same answer");
    }
    if (endpoint.body() != Endpoint.None.class) {
      ObjectNode body = operation.putObject("requestBody").put("required", endpoint.bodyRequired());
      body.putObject("content")
          .putObject("application/json")
          .set("schema", schema(endpoint.body()));
    }
    if (endpoint.fromElsewhere() && endpoint.method() == Endpoint.Method.POST) {
      operation
          .putObject("requestBody")
          .putObject("content")
          .putObject("application/x-www-form-urlencoded")
          .putObject("schema")
          .put("type", "object");
    }
    responses(operation.putObject("responses"), endpoint);
    return operation;
  }

  private static ObjectNode parameter(
      ArrayNode parameters, String name, String in, String type, String description) {
    ObjectNode parameter = parameters.addObject().put("name", name).put("in", in);
    if (!description.isEmpty()) {
      parameter.put("description", description);
    }
    parameter.putObject("schema").put("type", type);
    return parameter;
  }

  private void responses(ObjectNode responses, Endpoint<?> endpoint) {
    ObjectNode success =
        responses.putObject(Integer.toString(endpoint.status())).put("description", "Done");
    Endpoint.Answers answers = endpoint.answers();
    switch (answers.shape()) {
      case ONE ->
          success
              .putObject("content")
              .putObject(answers.contentType())
              .set("schema", schema(answers));
      case LIST ->
          success
              .putObject("content")
              .putObject(answers.contentType())
              .putObject("schema")
              .put("type", "array")
              .set("items", schema(answers.type()));
      case PAGE -> {
        ObjectNode page =
            success.putObject("content").putObject("application/json").putObject("schema");
        page.put("type", "object");
        page.putArray("required").add("items");
        ObjectNode properties = page.putObject("properties");
        properties.putObject("items").put("type", "array").set("items", schema(answers.type()));
        properties.putObject("nextCursor").put("type", "string");
      }
      case RAW ->
          success
              .putObject("content")
              .putObject(answers.contentType())
              .putObject("schema")
              .put("type", "string");
      case REDIRECT -> {
        if (answers.type() != Endpoint.None.class) {
          success
              .putObject("content")
              .putObject(answers.contentType())
              .set("schema", schema(answers));
        }
        responses
            .putObject("302")
            .put("description", "Another page")
            .putObject("headers")
            .putObject("Location")
            .putObject("schema")
            .put("type", "string");
      }
      case NOTHING -> {
        // a status without a body
      }
    }
    ObjectNode problem =
        responses.putObject("default").put("description", "An RFC 9457 problem document");
    problem
        .putObject("content")
        .putObject("application/problem+json")
        .set("schema", schema(Problem.class));
  }

  private JsonNode schema(Endpoint.Answers answers) {
    JsonNode first = schema(answers.type());
    if (answers.others().isEmpty()) {
      return first;
    }
    ObjectNode any = Json.object();
    ArrayNode forms = any.putArray("oneOf").add(first);
    answers.others().forEach(other -> forms.add(schema(other)));
    return any;
  }

  /** A reference to a record's schema, which is added with all that it refers to. */
  private JsonNode schema(Class<?> type) {
    if (OneOrMany.class.isAssignableFrom(type)) {
      JsonNode item = schema(itemType(type));
      ObjectNode both = Json.object();
      ArrayNode forms = both.putArray("oneOf").add(item);
      forms.addObject().put("type", "array").set("items", item);
      return both;
    }
    Deque<Class<?>> open = new ArrayDeque<>(List.of(type));
    while (!open.isEmpty()) {
      Class<?> next = open.pop();
      if (!seen.add(next)) {
        continue;
      }
      converters
          .resolveAsResolvedSchema(new AnnotatedType(next))
          .referencedSchemas
          .forEach((name, schema) -> schemas.putIfAbsent(name, tidy(name, schema)));
      ObjectNode node =
          (ObjectNode) Objects.requireNonNull(schemas.get(next.getSimpleName()), next.getName());
      ArrayNode required = Json.MAPPER.createArrayNode();
      for (RecordComponent component : next.getRecordComponents()) {
        Class<?> nested = nestedRecord(component);
        if (nested != null) {
          open.push(nested);
        }
        JsonSchema own = component.getAnnotation(JsonSchema.class);
        if (own != null) {
          ((ObjectNode) node.path("properties")).set(component.getName(), Json.read(own.value()));
        }
        JsonProperty named = component.getAccessor().getAnnotation(JsonProperty.class);
        String name = named == null ? component.getName() : named.value();
        if (!component.getAnnotatedType().isAnnotationPresent(Nullable.class)
            && node.path("properties").has(name)) {
          required.add(name);
        }
      }
      if (!required.isEmpty()) {
        node.set("required", required);
      }
    }
    return Json.object().put("$ref", "#/components/schemas/" + type.getSimpleName());
  }

  private static Class<?> itemType(Class<?> type) {
    return Arrays.stream(type.getGenericInterfaces())
        .filter(java.lang.reflect.ParameterizedType.class::isInstance)
        .map(java.lang.reflect.ParameterizedType.class::cast)
        .filter(generic -> generic.getRawType() == OneOrMany.class)
        .map(generic -> (Class<?>) generic.getActualTypeArguments()[0])
        .findFirst()
        .orElseThrow();
  }

  private static @Nullable Class<?> nestedRecord(RecordComponent component) {
    if (component.getType().isRecord()) {
      return component.getType();
    }
    if (component.getGenericType() instanceof java.lang.reflect.ParameterizedType generic
        && generic.getActualTypeArguments()[0] instanceof Class<?> argument
        && argument.isRecord()) {
      return argument;
    }
    return null;
  }

  /** {@code JsonNode} is any JSON, not an object with Jackson's methods as its properties. */
  private static JsonNode tidy(String name, Schema<?> schema) {
    if (name.equals("JsonNode")) {
      return Json.object().put("description", "Any JSON");
    }
    return Json31.mapper().valueToTree(schema);
  }

  private static String operationId(Endpoint<?> endpoint) {
    String path =
        Arrays.stream(endpoint.path().split("/"))
            .filter(part -> !part.isEmpty() && !part.equals("api") && !part.startsWith("{"))
            .map(part -> part.replace(".", "-"))
            .reduce((a, b) -> a + "-" + b)
            .orElse("root");
    boolean one = endpoint.path().endsWith("}");
    return endpoint.method().name().toLowerCase(Locale.ROOT) + "-" + path + (one ? "-one" : "");
  }

  private static String tag(String path) {
    String[] parts = path.split("/", -1);
    return parts[1].equals("api") ? parts[2] : "operations";
  }
}
