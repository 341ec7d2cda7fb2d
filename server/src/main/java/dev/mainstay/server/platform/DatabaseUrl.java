package dev.mainstay.server.platform;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where PostgreSQL is, written as libpq has it (PostgreSQL's manual, "Connection URIs") or as JDBC
 * has it. Shows neither password nor parameters of itself.
 *
 * @param hosts one or more, tried in this order
 * @param parameters the driver's, by the driver's names
 */
record DatabaseUrl(
    List<Host> hosts,
    String database,
    Optional<String> user,
    Optional<Secret> password,
    Map<String, String> parameters) {
  private static final int DEFAULT_PORT = 5432;

  /** The driver's names for what libpq calls otherwise. */
  private static final Map<String, String> DRIVER_NAMES =
      Map.of(
          "application_name", "ApplicationName",
          "channel_binding", "channelBinding",
          "connect_timeout", "connectTimeout",
          "gssencmode", "gssEncMode",
          "keepalives", "tcpKeepAlive",
          "krbsrvname", "kerberosServerName",
          "target_session_attrs", "targetServerType");

  private static final Map<String, String> SERVER_TYPES =
      Map.of(
          "any", "any",
          "read-write", "primary",
          "primary", "primary",
          "read-only", "secondary",
          "standby", "secondary",
          "prefer-standby", "preferSecondary");

  /** One server. */
  record Host(String name, int port) {}

  /** The message says what is wrong without repeating any of the text, which holds a secret. */
  static final class SyntaxException extends IllegalArgumentException {
    SyntaxException(String message) {
      super(message);
    }
  }

  static DatabaseUrl parse(String text) {
    String rest = afterScheme(text);
    int question = rest.indexOf('?');
    Map<String, String> query =
        new LinkedHashMap<>(
            question < 0 ? Map.<String, String>of() : query(rest.substring(question + 1)));
    String before = question < 0 ? rest : rest.substring(0, question);
    int slash = before.indexOf('/');
    String authority = slash < 0 ? before : before.substring(0, slash);
    int at = authority.lastIndexOf('@');
    String[] credentials = at < 0 ? new String[0] : authority.substring(0, at).split(":", 2);
    Optional<String> user = part(credentials, 0).or(() -> Optional.ofNullable(query.get("user")));
    Optional<String> password =
        part(credentials, 1).or(() -> Optional.ofNullable(query.get("password")));
    Optional<String> database =
        Optional.of(slash < 0 ? "" : decode(before.substring(slash + 1), "database"))
            .filter(name -> !name.isEmpty())
            .or(() -> Optional.ofNullable(query.get("dbname")))
            .or(() -> user);
    query.keySet().removeAll(List.of("user", "password", "dbname"));
    return new DatabaseUrl(
        hosts(authority.substring(at + 1)),
        database.orElseThrow(() -> new SyntaxException("it names no database")),
        user,
        password.map(Secret::new),
        driverParameters(query));
  }

  private static String afterScheme(String text) {
    for (String scheme : List.of("postgresql://", "postgres://", "jdbc:postgresql://")) {
      if (text.startsWith(scheme)) {
        return text.substring(scheme.length());
      }
    }
    if (text.startsWith("jdbc:postgresql:")) {
      String rest = text.substring("jdbc:postgresql:".length());
      return rest.startsWith("/") ? rest : "/" + rest;
    }
    throw new SyntaxException("it begins otherwise");
  }

  private static Optional<String> part(String[] credentials, int index) {
    return index < credentials.length && !credentials[index].isEmpty()
        ? Optional.of(decode(credentials[index], "user or password"))
        : Optional.empty();
  }

  private static List<Host> hosts(String text) {
    List<Host> hosts = new ArrayList<>();
    for (String one : text.split(",", -1)) {
      int end = one.startsWith("[") ? one.indexOf(']') + 1 : one.lastIndexOf(':');
      if (end < 0) {
        end = one.length();
      }
      String name = decode(one.substring(0, end), "host");
      if (name.startsWith("/")) {
        throw new SyntaxException("the driver cannot use a Unix socket; give a host");
      }
      String after = one.substring(end);
      hosts.add(
          new Host(
              name.isEmpty() ? "localhost" : name,
              after.isEmpty() ? DEFAULT_PORT : port(after.substring(1))));
    }
    return hosts;
  }

  private static int port(String text) {
    try {
      int port = Integer.parseInt(text);
      if (port > 0 && port <= 65_535) {
        return port;
      }
    } catch (NumberFormatException e) {
      // falls through to the one answer for all that is no port
    }
    throw new SyntaxException(
        "its port is no number from 1 to 65535 (in a password, / ? @ : are written %2F %3F %40 %3A)");
  }

  private static Map<String, String> query(String text) {
    Map<String, String> query = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      if (!pair.isEmpty()) {
        String[] parts = pair.split("=", 2);
        if (parts.length < 2) {
          throw new SyntaxException("a parameter has no value");
        }
        query.put(decode(parts[0], "parameter"), decode(parts[1], "parameter"));
      }
    }
    return query;
  }

  private static Map<String, String> driverParameters(Map<String, String> query) {
    Map<String, String> parameters = new LinkedHashMap<>();
    query.forEach(
        (name, value) -> {
          switch (name) {
            case "target_session_attrs" ->
                parameters.put(
                    "targetServerType",
                    Optional.ofNullable(SERVER_TYPES.get(value))
                        .orElseThrow(
                            () -> new SyntaxException("its target_session_attrs is not known")));
            case "keepalives" ->
                parameters.put("tcpKeepAlive", Boolean.toString(!value.equals("0")));
            case "sslrootcert" -> {
              if (value.equals("system")) {
                parameters.put("sslfactory", "org.postgresql.ssl.DefaultJavaSSLFactory");
              } else {
                parameters.put(name, value);
              }
            }
            default -> parameters.put(DRIVER_NAMES.getOrDefault(name, name), value);
          }
        });
    return Map.copyOf(parameters);
  }

  private static String decode(String text, String what) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new SyntaxException("its " + what + " has a % that no two hexadecimal digits follow");
    }
  }

  /** Where it is, for people. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("postgresql://");
    hosts.forEach(
        host ->
            text.append(text.charAt(text.length() - 1) == '/' ? "" : ",")
                .append(host.name())
                .append(':')
                .append(host.port()));
    return text.append('/').append(database).toString();
  }
}
