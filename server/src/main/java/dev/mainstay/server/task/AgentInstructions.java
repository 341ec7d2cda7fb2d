package dev.mainstay.server.task;

import dev.mainstay.agent.Instructions;
import dev.mainstay.agent.tool.Tool;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The system prompt of a task. */
final class AgentInstructions {
  private static final Logger log = LoggerFactory.getLogger(AgentInstructions.class);

  private AgentInstructions() {}

  static String of(TasksRecord task, Path tree, List<Tool> tools) {
    List<String> constraints = new ArrayList<>();
    if (task.getReview().equals(CreateTask.Review.BEFORE_PUSH.name())) {
      constraints.add("A person reviews your change before it is pushed.");
    }
    if (task.getMaxTurns() != null) {
      constraints.add("You have at most " + task.getMaxTurns() + " answers; plan for that.");
    }
    return new Instructions(
            tools.stream().map(Tool::spec).toList(), notes(tree.resolve("AGENTS.md")), constraints)
        .text();
  }

  /**
   * The repository's own notes: a regular file, never through a link, never more than a bounded
   * part.
   */
  private static Optional<String> notes(Path file) {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (SeekableByteChannel channel =
        Files.newByteChannel(file, Set.of(StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS))) {
      ByteBuffer buffer = ByteBuffer.allocate(Instructions.MAX_NOTES + 1);
      while (buffer.hasRemaining() && channel.read(buffer) >= 0) {
        // reads on until the file or the buffer ends
      }
      return Optional.of(new String(buffer.array(), 0, buffer.position(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      log.warn("AGENTS.md cannot be read: {}", e.toString());
      return Optional.empty();
    }
  }
}
