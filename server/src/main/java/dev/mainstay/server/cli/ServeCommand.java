package dev.mainstay.server.cli;

import dev.mainstay.server.Mainstay;
import dev.mainstay.server.platform.Setting;
import dev.mainstay.server.platform.Settings;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Starts the server and runs it until it is told to stop. */
@Command(name = "serve", description = "Start the server", mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {

  @Mixin private ServerOptions options = new ServerOptions();

  @Override
  public Integer call() throws InterruptedException {
    return serve(options.settings(Map.of()));
  }

  static int serve(Settings settings) throws InterruptedException {
    Mainstay server = Mainstay.start(settings);
    StopSignal stop = new StopSignal();
    announce(server);
    stop.await();
    server.close();
    stop.done();
    return 0;
  }

  /** Standard output, not the log: a one-time link is a secret until it is used. */
  private static void announce(Mainstay server) {
    System.out.println("Mainstay is ready: " + server.url());
    if (server.servesStudio() && !server.identity().ownerHasSignedIn()) {
      System.out.println(SignInLink.sentence(server.url(), server.identity().createSignInLink()));
      System.out.println("For programs: ./mainstay key create --name NAME");
    }
    System.out.flush();
  }

  /** As a worker only. */
  static Map<Setting, String> workerOnly() {
    return Map.of(Setting.ROLES, "worker");
  }
}
