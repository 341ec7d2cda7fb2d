package dev.mainstay.server.platform.http;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpSession;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.util.Collections;
import java.util.EnumSet;
import java.util.function.Consumer;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.SessionHandler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.session.ManagedSession;

/**
 * Keeps the servlet container from having sessions of its own, with their cookie and their memory:
 * ours are rows of the database. Its session handler makes none, and Javalin, which copies the
 * attributes of the servlet session at every WebSocket upgrade before it is known whether the
 * caller is let in, is shown one that is always empty and belongs to nobody.
 */
final class NoSessions implements Filter {
  private static final HttpSession EMPTY =
      (HttpSession)
          Proxy.newProxyInstance(
              NoSessions.class.getClassLoader(), new Class<?>[] {HttpSession.class}, empty());

  private NoSessions() {}

  static void configure(ServletContextHandler handler) {
    handler.setSessionHandler(new Refusing());
    FilterHolder filter = new FilterHolder(new NoSessions());
    filter.setAsyncSupported(true);
    handler.addFilter(filter, "/*", EnumSet.of(DispatcherType.REQUEST));
  }

  private static InvocationHandler empty() {
    return (proxy, method, arguments) ->
        switch (method.getName()) {
          case "getAttributeNames" -> Collections.emptyEnumeration();
          case "getAttribute" -> null;
          default -> throw new UnsupportedOperationException("there are no servlet sessions");
        };
  }

  @Override
  public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    HttpServletRequest http = (HttpServletRequest) request;
    chain.doFilter(http.getHeader("Upgrade") == null ? http : new Without(http), response);
  }

  private static final class Refusing extends SessionHandler {
    Refusing() {
      setUsingCookies(false);
      setUsingUriParameters(false);
    }

    @Override
    public void newSession(Request request, String id, Consumer<ManagedSession> made) {
      throw new IllegalStateException("there are no servlet sessions");
    }
  }

  private static final class Without extends HttpServletRequestWrapper {
    Without(HttpServletRequest request) {
      super(request);
    }

    @Override
    public HttpSession getSession(boolean create) {
      return EMPTY;
    }

    @Override
    public HttpSession getSession() {
      return EMPTY;
    }
  }
}
