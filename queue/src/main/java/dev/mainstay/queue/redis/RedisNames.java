package dev.mainstay.queue.redis;

/**
 * What queues are called in Redis, where that differs from what they are called in this process. A
 * host whose queues are named by tenant gives one of them the plain names that BullMQ's clients
 * know. No two queues may have one name in Redis.
 */
public interface RedisNames {

  /** Each queue has its own name in Redis. */
  RedisNames SAME =
      new RedisNames() {
        @Override
        public String inRedis(String queue) {
          return queue;
        }

        @Override
        public String queue(String inRedis) {
          return inRedis;
        }
      };

  /** The name in Redis of a queue of this process, without a colon. */
  String inRedis(String queue);

  /** The name in this process of a queue in Redis. */
  String queue(String inRedis);
}
