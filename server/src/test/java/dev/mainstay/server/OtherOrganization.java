package dev.mainstay.server;

import static dev.mainstay.server.schema.Tables.API_KEYS;
import static dev.mainstay.server.schema.Tables.MEMBERS;
import static dev.mainstay.server.schema.Tables.ORGANIZATIONS;
import static dev.mainstay.server.schema.Tables.USERS;

import dev.mainstay.server.platform.Database;
import dev.mainstay.server.platform.Ids;
import java.time.Instant;

/** A second tenant with a key, without anybody who signs up. */
final class OtherOrganization {
  private OtherOrganization() {}

  /** A key of it with every scope. */
  static String key(Database database) {
    String secret = "ms_" + Ids.secret();
    database.execute(
        tx -> {
          String scopes =
              tx.sql().select(API_KEYS.SCOPES).from(API_KEYS).limit(1).fetchSingle().value1();
          String organization = Ids.next();
          String user = Ids.next();
          Instant now = Instant.now();
          tx.sql()
              .insertInto(ORGANIZATIONS)
              .set(ORGANIZATIONS.ID, organization)
              .set(ORGANIZATIONS.NAME, "Other")
              .set(ORGANIZATIONS.SLUG, organization)
              .set(ORGANIZATIONS.CREATED_AT, now)
              .execute();
          tx.sql()
              .insertInto(USERS)
              .set(USERS.ID, user)
              .set(USERS.ORGANIZATION_ID, organization)
              .set(USERS.NAME, "Stranger")
              .set(USERS.CREATED_AT, now)
              .execute();
          tx.sql()
              .insertInto(MEMBERS)
              .set(MEMBERS.ID, Ids.next())
              .set(MEMBERS.ORGANIZATION_ID, organization)
              .set(MEMBERS.USER_ID, user)
              .set(MEMBERS.ROLE, "owner")
              .set(MEMBERS.CREATED_AT, now)
              .execute();
          tx.sql()
              .insertInto(API_KEYS)
              .set(API_KEYS.ID, Ids.next())
              .set(API_KEYS.ORGANIZATION_ID, organization)
              .set(API_KEYS.USER_ID, user)
              .set(API_KEYS.NAME, "other")
              .set(API_KEYS.PREFIX, secret.substring(0, 9))
              .set(API_KEYS.SECRET_HASH, Ids.hash(secret))
              .set(API_KEYS.SCOPES, scopes)
              .set(API_KEYS.CREATED_AT, now)
              .execute();
        });
    return secret;
  }
}
