package dev.mainstay.server.identity;

import dev.mainstay.server.platform.ProblemException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.text.Normalizer;
import java.util.Base64;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/**
 * Argon2id (RFC 9106) with the parameters of OWASP's Password Storage Cheat Sheet: 19 MiB, two
 * passes, one lane. A hash takes some 50 ms of a processor; so many run at once as leave half of
 * the processors to everybody else, and whoever would wait too long is asked to come again.
 */
final class PasswordHasher implements AutoCloseable {
  private static final int MEMORY_KIB = 19 * 1024;
  private static final int PASSES = 2;
  private static final int LANES = 1;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;

  /** In the PHC string format. */
  private static final String PREFIX =
      "$argon2id$v=19$m=" + MEMORY_KIB + ",t=" + PASSES + ",p=" + LANES + "$";

  /** At 20 per second and processor, this is how many come within a few seconds. */
  private static final int MAX_WAITING = 100;

  private static final int RETRY_SECONDS = 5;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ThreadPoolExecutor threads;

  PasswordHasher() {
    int atOnce = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    // Platform threads: a virtual one would keep a carrier from the requests for all that time.
    threads =
        new ThreadPoolExecutor(
            atOnce,
            atOnce,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            Thread.ofPlatform().name("password-hash-", 0).daemon().factory());
    threads.allowCoreThreadTimeOut(true);
  }

  /** A password as it is stored. */
  String hash(String password) {
    return run(
        () -> {
          byte[] salt = new byte[SALT_BYTES];
          RANDOM.nextBytes(salt);
          return PREFIX + base64(salt) + '$' + base64(argon2id(password, salt));
        });
  }

  /** Whether a password is the one that was stored. */
  boolean matches(String password, String stored) {
    if (!stored.startsWith(PREFIX)) {
      throw new IllegalStateException("A stored password has an unknown form");
    }
    String[] parts = stored.substring(PREFIX.length()).split("\\$", -1);
    byte[] salt = Base64.getDecoder().decode(parts[0]);
    byte[] expected = Base64.getDecoder().decode(parts[1]);
    return run(() -> MessageDigest.isEqual(expected, argon2id(password, salt)));
  }

  /** Takes the time of a hash, so that an address without a password answers no sooner. */
  void pretend(String password) {
    String unused = hash(password);
  }

  private <T> T run(Callable<T> work) {
    try {
      return threads.submit(work).get();
    } catch (RejectedExecutionException e) {
      throw ProblemException.tooMany(RETRY_SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while a password was hashed", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("A password could not be hashed", e.getCause());
    }
  }

  private static byte[] argon2id(String password, byte[] salt) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(MEMORY_KIB)
            .withIterations(PASSES)
            .withParallelism(LANES)
            .withSalt(salt)
            .build());
    byte[] hash = new byte[HASH_BYTES];
    // Keyboards differ in how they compose the same character (NIST SP 800-63B, 5.1.1.2).
    String normalized = Normalizer.normalize(password, Normalizer.Form.NFKC);
    generator.generateBytes(normalized.getBytes(StandardCharsets.UTF_8), hash);
    return hash;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().withoutPadding().encodeToString(bytes);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
