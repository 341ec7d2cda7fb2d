package dev.mainstay.server.identity;

import dev.mainstay.server.identity.social.ProviderException;
import dev.mainstay.server.identity.social.Providers;
import dev.mainstay.server.identity.social.SocialProvider;
import dev.mainstay.server.platform.ProblemException;
import dev.mainstay.server.platform.http.Answer;
import dev.mainstay.server.platform.http.Call;
import dev.mainstay.server.platform.http.Client;
import dev.mainstay.server.platform.http.Endpoint.None;
import dev.mainstay.server.platform.http.Origins;
import dev.mainstay.server.platform.http.SessionCookie;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done with a browser that comes back from a provider: it is always sent on. */
final class SocialCallback {
  private static final Logger log = LoggerFactory.getLogger(SocialCallback.class);
  private static final int MAX_PARAMETER = 4096;
  private static final int MAX_DESCRIPTION = 200;
  private static final List<String> PARAMETERS =
      List.of("code", "state", "iss", "error", "error_description");

  /** A provider's own words (RFC 6749, section 4.1.2.1), as far as they are worth passing on. */
  private static final Pattern ERROR = Pattern.compile("[\\w.-]{1,60}");

  private static final Pattern NO_DESCRIPTION =
      Pattern.compile("[^\\x20\\x21\\x23-\\x5B\\x5D-\\x7E]");

  private static final Pattern ID = Pattern.compile("[a-z0-9-]{1,40}");

  private static final String SIGN_IN = "/sign-in";

  private final SocialSignIn signIn;
  private final SocialStates states;
  private final Providers providers;
  private final CredentialLimits limits;
  private final Cookies cookies;
  private final Origins origins;
  private final SessionCookie cookie;

  SocialCallback(
      SocialSignIn signIn,
      SocialStates states,
      Providers providers,
      CredentialLimits limits,
      Cookies cookies,
      Origins origins,
      SessionCookie cookie) {
    this.signIn = signIn;
    this.states = states;
    this.providers = providers;
    this.limits = limits;
    this.cookies = cookies;
    this.origins = origins;
    this.cookie = cookie;
  }

  /** Where a provider sends browsers: each has an address of its own (RFC 9700, section 4.4). */
  URI redirect(String providerId) {
    return URI.create(origins.whole(path(providerId)));
  }

  private static String path(String providerId) {
    return "/api/auth/callback/" + providerId;
  }

  /** A form of another site comes without cookies; the same as a query comes with them. */
  Answer sendOn(Call<None> call) {
    if (!ID.matcher(call.path("id")).matches()) {
      return failed(SIGN_IN, "oauth_provider_not_found");
    }
    String url = origins.whole(path(call.path("id")));
    for (String name : PARAMETERS) {
      Optional<String> value = call.form(name).or(() -> call.query(name));
      if (value.filter(text -> text.length() > MAX_PARAMETER).isPresent()) {
        return failed(SIGN_IN, "invalid_callback_request");
      }
      if (value.isPresent()) {
        url = Urls.with(url, name, value.get());
      }
    }
    return Answer.redirect(url);
  }

  Answer arrive(Call<None> call) {
    limits.signIn(call);
    for (String name : PARAMETERS) {
      if (call.query(name).filter(text -> text.length() > MAX_PARAMETER).isPresent()) {
        return failed(SIGN_IN, "invalid_callback_request");
      }
    }
    Optional<String> state = call.query("state");
    if (state.isEmpty()) {
      return failed(SIGN_IN, "state_not_found");
    }
    Optional<SocialState> found =
        cookie.read(call).flatMap(browser -> states.take(state.get(), browser, call.path("id")));
    if (found.isEmpty()) {
      return failed(SIGN_IN, "state_mismatch");
    }
    return finish(call, found.get()).header("Set-Cookie", cookie.clear());
  }

  private Answer.Redirect finish(Call<None> call, SocialState state) {
    String home = state.targets().error().orElse(state.link().isPresent() ? "/account" : SIGN_IN);
    try {
      SocialProvider provider =
          providers
              .find(state.providerId())
              .filter(one -> one.issuer().equals(state.issuer()))
              .orElseThrow(() -> new SocialRefusal("oauth_provider_not_found"));
      provider.checkIssuer(call.query("iss"));
      Optional<String> error = call.query("error");
      if (error.isPresent()) {
        return refused(home, error.get(), call.query("error_description"));
      }
      String code = call.query("code").orElseThrow(() -> new SocialRefusal("no_code"));
      SocialProvider.Exchanged exchanged =
          provider.exchange(
              new SocialProvider.Arrival(
                  code, redirect(provider.id()), state.verifier(), state.nonce()));
      return state.link().isPresent()
          ? linked(call, state, state.link().get(), provider, exchanged)
          : entered(call, state, provider, exchanged);
    } catch (SocialRefusal e) {
      return failed(home, e.code());
    } catch (ProviderException e) {
      log.warn("Signing in with {} failed: {}", state.providerId(), e.getMessage());
      // A code that is not good and a grant that has ended are one error of the protocol.
      return failed(
          home,
          e.reason() == ProviderException.Reason.GRANT_ENDED
              ? ProviderException.Reason.CODE_REFUSED.code()
              : e.reason().code());
    } catch (ProblemException e) {
      return failed(home, e.problem().code().toLowerCase(Locale.ROOT).replace('-', '_'));
    }
  }

  private Answer.Redirect linked(
      Call<None> call,
      SocialState state,
      SocialState.Link link,
      SocialProvider provider,
      SocialProvider.Exchanged exchanged) {
    signIn.link(link, provider, exchanged, call.caller(), Client.of(call));
    return Answer.redirect(origins.whole(state.targets().callback()));
  }

  private Answer.Redirect entered(
      Call<None> call,
      SocialState state,
      SocialProvider provider,
      SocialProvider.Exchanged exchanged) {
    SocialSignIn.Arrival arrival =
        signIn.enter(
            provider, exchanged, cookies.entry(call, provider.id(), true), cookies.proof(call));
    String callback = state.targets().callback();
    return switch (arrival.entrance()) {
      case Entrance.Challenged asked ->
          cookies.challengedRedirect(call, asked, origins.whole(asked.page(callback)));
      case Entrance.Opened in ->
          cookies.redirect(
              call,
              in,
              origins.whole(
                  arrival.isNew() ? state.targets().newUser().orElse(callback) : callback));
    };
  }

  private Answer.Redirect refused(String home, String error, Optional<String> description) {
    String url =
        Urls.with(
            origins.whole(home),
            "error",
            ERROR.matcher(error).matches() ? error : "provider_error");
    Optional<String> words =
        description
            .map(text -> NO_DESCRIPTION.matcher(text).replaceAll(""))
            .map(text -> text.substring(0, Math.min(text.length(), MAX_DESCRIPTION)))
            .filter(text -> !text.isBlank());
    return Answer.redirect(
        words.map(text -> Urls.with(url, "error_description", text)).orElse(url));
  }

  private Answer.Redirect failed(String target, String code) {
    return Answer.redirect(Urls.with(origins.whole(target), "error", code));
  }
}
