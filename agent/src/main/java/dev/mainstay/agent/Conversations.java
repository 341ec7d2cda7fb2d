package dev.mainstay.agent;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mainstay.agent.model.ModelClient.Request;
import java.util.ArrayList;
import java.util.List;

/** Conversations as they go to the model, where that differs from what is stored. */
final class Conversations {
  private Conversations() {}

  /** The request with {@code text} as the last thing the user says. */
  static Request withText(Request request, String text) {
    List<Message> messages = new ArrayList<>(request.messages());
    Message last = messages.getLast();
    if (last.role() == Message.Role.USER) {
      List<ObjectNode> content = new ArrayList<>(last.content());
      content.add(Blocks.text(text));
      messages.set(messages.size() - 1, new Message(last.id(), last.role(), content));
    } else {
      messages.add(new Message("", Message.Role.USER, List.of(Blocks.text(text))));
    }
    return new Request(
        request.model(),
        request.instructions(),
        messages,
        request.tools(),
        request.maxOutputTokens());
  }

  /**
   * The conversation as plain text of at most {@code maxChars}: its beginning (a fifth of that) and
   * its end. Needs no pairing of calls and results, so it can be cut anywhere.
   */
  static String transcript(List<Message> messages, int maxChars) {
    StringBuilder text = new StringBuilder();
    for (Message message : messages) {
      text.append("## ").append(message.role()).append('\n');
      for (ObjectNode block : message.content()) {
        switch (Blocks.type(block)) {
          case "text" -> text.append(block.path("text").asText("")).append('\n');
          case "tool_use" ->
              text.append("[call ")
                  .append(block.path("name").asText(""))
                  .append(' ')
                  .append(block.path("input"))
                  .append("]\n");
          case "tool_result" ->
              text.append("[result ").append(block.path("content").asText("")).append("]\n");
          default -> {
            // Thinking is the model's own and signed; other blocks have no text form.
          }
        }
      }
    }
    if (text.length() <= maxChars) {
      return text.toString();
    }
    int head = maxChars / 5;
    int tail = maxChars - head;
    return Texts.sound(
        text.substring(0, head) + "\n[… left out …]\n" + text.substring(text.length() - tail));
  }
}
