package dev.mainstay.queue.redis;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** The Lua scripts: BullMQ's own, and those that are {@linkplain ScriptText made of them}. */
enum Script {
  ADD("add"),
  ADD_FLOW("addFlow"),
  ADD_METRICS("addMetrics"),
  ANNOUNCE("announce"),
  CANCEL("cancel"),
  CANCELED("canceled"),
  CHANGE_PRIORITY("changePriority"),
  CHILDREN("children"),
  CHILD_VALUES("childValues"),
  CLEAN("clean"),
  END_SCHEDULER("endScheduler"),
  EVENTS("events"),
  EXCHANGE("exchange"),
  GET("get"),
  LIST("list"),
  METRICS("metrics"),
  OUTLOOK("outlook"),
  PROMOTE_ALL("promoteAll"),
  RECOVER("recover"),
  REMOVE("remove"),
  REMOVE_SCHEDULER("removeScheduler"),
  RENAME("rename"),
  RENEW("renew"),
  RETRY("retry"),
  RETRY_ALL("retryAll"),
  SETTLE("settle"),
  TAKE_OVER("takeOver"),
  UPDATE("update"),
  WITHDRAW("withdraw"),
  WORKERS("workers"),
  ADD_JOB_SCHEDULER("bullmq/addJobScheduler-11"),
  ADD_STANDARD_JOB("bullmq/addStandardJob-9"),
  CHANGE_DELAY("bullmq/changeDelay-4"),
  GET_COUNTS("bullmq/getCounts-1"),
  OBLITERATE("bullmq/obliterate-2"),
  PAUSE("bullmq/pause-7"),
  PROMOTE("bullmq/promote-9"),
  UPDATE_JOB_SCHEDULER("bullmq/updateJobScheduler-12");

  private final String text;
  private final String sha;

  Script(String path) {
    text = ScriptText.of(path);
    try {
      sha = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-1").digest(Utf8.bytes(text)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  String text() {
    return text;
  }

  /** By which a server knows it once it has seen it: SHA-1 in hexadecimal. */
  String sha() {
    return sha;
  }
}
