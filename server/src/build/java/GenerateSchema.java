import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.util.HexFormat;
import java.util.List;
import org.flywaydb.core.Flyway;
import org.jooq.codegen.GenerationTool;
import org.jooq.meta.jaxb.Configuration;
import org.jooq.meta.jaxb.Database;
import org.jooq.meta.jaxb.ForcedType;
import org.jooq.meta.jaxb.Generate;
import org.jooq.meta.jaxb.Generator;
import org.jooq.meta.jaxb.Jdbc;
import org.jooq.meta.jaxb.Target;

/**
 * Migrates an empty SQLite file with the server's migrations, keeps it for first starts, and
 * generates jOOQ's tables from it.
 */
class GenerateSchema {

  public static void main(String[] args) throws Exception {
    Path migrations = Path.of(args[0]);
    Path target = Path.of(args[1]);
    Path empty = Path.of(args[2]);
    Path stamp = target.resolve("migrations.sha256");
    String fingerprint = fingerprint(migrations);
    if (Files.exists(empty) && Files.exists(stamp) && Files.readString(stamp).equals(fingerprint)) {
      return;
    }
    Path file = Files.createTempFile("schema", ".db");
    String url = "jdbc:sqlite:" + file;
    Flyway.configure()
        .dataSource(url, "", "")
        .locations("filesystem:" + migrations)
        .load()
        .migrate();
    Files.createDirectories(empty.getParent());
    Files.deleteIfExists(empty);
    try (Connection connection = DriverManager.getConnection(url);
        PreparedStatement vacuum = connection.prepareStatement("vacuum into ?")) {
      vacuum.setString(1, empty.toString());
      vacuum.execute();
    }
    GenerationTool.generate(
        new Configuration()
            .withJdbc(new Jdbc().withDriver("org.sqlite.JDBC").withUrl(url))
            .withGenerator(
                new Generator()
                    .withDatabase(
                        new Database()
                            .withName("org.jooq.meta.sqlite.SQLiteDatabase")
                            .withExcludes("flyway_.*|queue_.*|sqlite_.*")
                            .withForcedTypes(
                                new ForcedType()
                                    .withUserType("java.time.Instant")
                                    .withConverter("dev.mainstay.server.schema.InstantConverter")
                                    .withIncludeExpression(".*_at|at|not_before"),
                                new ForcedType()
                                    .withUserType("java.math.BigDecimal")
                                    .withConverter("dev.mainstay.server.schema.MoneyConverter")
                                    .withIncludeExpression(".*cost_usd")))
                    .withGenerate(
                        new Generate()
                            .withRecords(true)
                            .withJavaTimeTypes(true)
                            .withGlobalCatalogReferences(false)
                            .withKeys(true)
                            .withComments(false))
                    .withTarget(
                        new Target()
                            .withPackageName("dev.mainstay.server.schema")
                            .withDirectory(target.toString()))));
    Files.deleteIfExists(file);
    Files.writeString(stamp, fingerprint);
  }

  private static String fingerprint(Path migrations) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    digest.update(Files.readAllBytes(Path.of("src/build/java/GenerateSchema.java")));
    try (var files = Files.list(migrations)) {
      List<Path> sorted = files.sorted().toList();
      for (Path file : sorted) {
        digest.update(file.getFileName().toString().getBytes(StandardCharsets.UTF_8));
        digest.update(Files.readAllBytes(file));
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
