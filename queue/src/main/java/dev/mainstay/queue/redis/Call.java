package dev.mainstay.queue.redis;

import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.AsyncCommand;
import io.lettuce.core.protocol.Command;
import io.lettuce.core.protocol.CommandArgs;
import io.lettuce.core.protocol.CommandType;
import java.util.ArrayList;
import java.util.List;

/**
 * A call of a script.
 *
 * @param arguments each a {@code String}, a {@code Number} or a {@code byte[]}
 */
record Call(Script script, List<String> keys, List<Object> arguments) {

  static Call of(Script script, List<String> keys, Object... arguments) {
    return new Call(script, keys, List.of(arguments));
  }

  /** By the script's hash, which a server may not know. */
  AsyncCommand<byte[], byte[], Object> byHash() {
    return command(CommandType.EVALSHA, Utf8.bytes(script.sha()));
  }

  AsyncCommand<byte[], byte[], Object> byText() {
    return command(CommandType.EVAL, Utf8.bytes(script.text()));
  }

  private AsyncCommand<byte[], byte[], Object> command(CommandType type, byte[] what) {
    ByteArrayCodec codec = ByteArrayCodec.INSTANCE;
    CommandArgs<byte[], byte[]> all = new CommandArgs<>(codec).add(what).add(keys.size());
    keys.forEach(key -> all.addKey(bytes(key)));
    arguments.forEach(argument -> all.addValue(bytes(argument)));
    return new AsyncCommand<>(new Command<>(type, new ReplyOutput(), all));
  }

  private static byte[] bytes(Object argument) {
    return argument instanceof byte[] bytes ? bytes : Utf8.bytes(argument.toString());
  }

  /** The arguments in order, of which some are lists. */
  static List<Object> flat(Object... arguments) {
    List<Object> flat = new ArrayList<>();
    for (Object argument : arguments) {
      if (argument instanceof List<?> list) {
        flat.addAll(list);
      } else {
        flat.add(argument);
      }
    }
    return flat;
  }
}
