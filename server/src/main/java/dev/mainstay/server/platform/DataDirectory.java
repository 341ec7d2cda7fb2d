package dev.mainstay.server.platform;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * The directory that holds everything. One server at a time owns it, by a lock that the operating
 * system takes back when the process dies, however it dies.
 */
public final class DataDirectory implements AutoCloseable {
  /** SQLite's locks do not hold on these, and a database on them is lost sooner or later. */
  private static final Set<String> NETWORK_FILE_SYSTEMS =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "9p",
          "afs",
          "ceph",
          "glusterfs",
          "fuse.sshfs",
          "fuse.glusterfs",
          "lustre",
          "davfs",
          "fuse.s3fs",
          "fuse.rclone",
          "webdav",
          "afpfs");

  private static final String ID = "node-id";
  private static final String LOCK = "server.lock";

  private final Path path;
  private final FileChannel lockFile;
  private final FileLock lock;
  private final Optional<Object> identity;
  private volatile Optional<Object> database = Optional.empty();

  private DataDirectory(Path path, FileChannel lockFile, FileLock lock) {
    this.path = path;
    this.lockFile = lockFile;
    this.lock = lock;
    this.identity = identity(path.resolve(LOCK));
  }

  /** Creates the directory, readable by its owner alone, without locking it. */
  public static Path create(Path path) {
    try {
      if (!Files.isDirectory(path)) {
        Path parent = path.getParent();
        if (parent != null) {
          Files.createDirectories(parent);
        }
        Files.createDirectory(
            path,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
      }
      refuseNetworkFileSystem(path, Files.getFileStore(path).type());
      return path;
    } catch (IOException e) {
      throw new SettingException("The data directory " + path + " cannot be used: " + e);
    }
  }

  static void refuseNetworkFileSystem(Path path, String type) {
    if (NETWORK_FILE_SYSTEMS.contains(type.toLowerCase(Locale.ROOT))) {
      throw new SettingException(
          "The data directory %s is on a network file system (%s), where SQLite loses data; choose a local disk with MAINSTAY_DATA"
              .formatted(path, type));
    }
  }

  /** Creates and locks the directory. */
  public static DataDirectory open(Path path) {
    create(path);
    try {
      FileChannel channel =
          FileChannel.open(path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock = tryLock(channel);
      if (lock == null) {
        channel.close();
        throw new SettingException(
            "Another server runs on the data directory "
                + path
                + "; stop it or choose another with --data");
      }
      return new DataDirectory(path, channel, lock);
    } catch (IOException e) {
      throw new SettingException("The data directory " + path + " cannot be locked: " + e);
    }
  }

  private static @org.jspecify.annotations.Nullable FileLock tryLock(FileChannel channel)
      throws IOException {
    try {
      return channel.tryLock();
    } catch (OverlappingFileLockException e) {
      return null;
    }
  }

  /**
   * True as long as the path leads to the lock that this process holds, and to the database that
   * was beside it when it was opened: a directory that was deleted, moved or replaced goes on in
   * memory alone, and what is written there is lost.
   */
  public boolean isThere() {
    return identity(path.resolve(LOCK)).equals(identity)
        && (database.isEmpty() || identity(databaseFile(path)).equals(database));
  }

  /** The database in it, if there is one, is open from now on. */
  void databaseOpened() {
    database = identity(databaseFile(path));
  }

  /** What tells a file from one that was made in its place. */
  private static Optional<Object> identity(Path file) {
    try {
      return Optional.ofNullable(Files.readAttributes(file, BasicFileAttributes.class).fileKey());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  public static Path databaseFile(Path data) {
    return data.resolve("mainstay.db");
  }

  public Path path() {
    return path;
  }

  /** What tells this directory from all others: where it was made, and something random. */
  public String id() {
    Path file = path.resolve(ID);
    try {
      if (Files.exists(file)) {
        String text = Files.readString(file).strip();
        if (NodeId.isValid(text)) {
          return text;
        }
      }
      String made = NodeId.fresh();
      Path aside = path.resolve(ID + ".new");
      Files.writeString(aside, made + "\n");
      Files.move(aside, file, StandardCopyOption.ATOMIC_MOVE);
      return made;
    } catch (IOException e) {
      throw new SettingException("The file " + file + " cannot be used: " + e);
    }
  }

  @Override
  public void close() {
    try {
      lock.release();
      lockFile.close();
    } catch (IOException e) {
      throw new IllegalStateException("The data directory's lock cannot be released", e);
    }
  }
}
