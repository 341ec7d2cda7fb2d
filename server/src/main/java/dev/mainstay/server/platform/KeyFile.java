package dev.mainstay.server.platform;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The secret key where the settings name none: a file that its owner alone reads. */
final class KeyFile {
  static final String NAME = "secret.key";

  private final Path data;
  private final Path path;

  /**
   * @param data need not be there yet
   */
  KeyFile(Path data) {
    this.data = data;
    this.path = data.resolve(NAME);
  }

  Optional<List<MasterKey>> read() {
    if (!Files.exists(path)) {
      return Optional.empty();
    }
    try {
      return Optional.of(MasterKey.parse(Files.readString(path).strip()));
    } catch (MasterKey.SyntaxException e) {
      throw new SettingException("The file " + path + " is not usable, because " + e.getMessage());
    } catch (IOException e) {
      throw new SettingException("The file " + path + " cannot be read: " + e);
    }
  }

  /**
   * Makes it; after a crash it is there whole or not at all. The caller sees to it that nobody else
   * does so at the same time.
   */
  List<MasterKey> make() {
    byte[] key = new byte[MasterKey.BYTES];
    new SecureRandom().nextBytes(key);
    String text = Base64.getEncoder().encodeToString(key);
    Path parent = DataDirectory.create(data);
    Path aside = path.resolveSibling(NAME + ".new");
    try {
      Files.deleteIfExists(aside);
      try (FileChannel file =
          FileChannel.open(
              aside,
              Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
              PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
        ByteBuffer content = ByteBuffer.wrap((text + "\n").getBytes(StandardCharsets.US_ASCII));
        while (content.hasRemaining()) {
          file.write(content);
        }
        file.force(true);
      }
      Files.move(aside, path, StandardCopyOption.ATOMIC_MOVE);
      try (FileChannel directory = FileChannel.open(parent, StandardOpenOption.READ)) {
        directory.force(true);
      }
    } catch (IOException e) {
      throw new SettingException("The file " + path + " cannot be made: " + e);
    }
    return MasterKey.parse(text);
  }
}
