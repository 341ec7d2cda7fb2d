package dev.mainstay.server.platform;

public final class Keyring {
  public String mac(String text, String context) {
    return Ids.hash(context + text);
  }

  public boolean matches(String mac, String text, String context) {
    return mac.equals(mac(text, context));
  }
}
