package dev.mainstay.server.identity;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** URLs with parameters that are added to them. */
final class Urls {
  private Urls() {}

  static String with(String url, String name, String value) {
    int fragment = url.indexOf('#');
    String bare = fragment < 0 ? url : url.substring(0, fragment);
    String rest = fragment < 0 ? "" : url.substring(fragment);
    return bare
        + (bare.indexOf('?') < 0 ? "?" : "&")
        + name
        + "="
        + URLEncoder.encode(value, StandardCharsets.UTF_8)
        + rest;
  }
}
