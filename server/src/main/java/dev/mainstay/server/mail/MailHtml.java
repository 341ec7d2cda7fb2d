package dev.mainstay.server.mail;

import java.util.regex.Pattern;

/**
 * The text of a mail as HTML. A line that is nothing but a link becomes one; links inside of
 * sentences stay text, for names that people choose stand in those.
 */
final class MailHtml {
  private static final Pattern LINK = Pattern.compile("https?://[^\\s<>\"'`]{1,2000}");

  private static final Pattern PARAGRAPHS = Pattern.compile("\n{2,}");

  private MailHtml() {}

  static String of(String subject, String text) {
    StringBuilder paragraphs = new StringBuilder();
    for (String paragraph : PARAGRAPHS.split(text.strip(), -1)) {
      paragraphs
          .append("<p style=\"margin:0 0 16px;overflow-wrap:anywhere\">")
          .append(String.join("<br>\n", paragraph.lines().map(MailHtml::line).toList()))
          .append("</p>\n");
    }
    String title = escape(subject);
    return """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>%s</title>
      </head>
      <body style="margin:0;padding:32px 16px;background:#f4f4f5;color:#18181b;\
      font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5">
      <div style="max-width:520px;margin:0 auto;padding:32px;background:#ffffff;border:1px solid #e4e4e7;border-radius:12px">
      <h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">%s</h1>
      %s</div>
      </body>
      </html>
      """
        .formatted(title, title, paragraphs);
  }

  private static String line(String line) {
    String escaped = escape(line);
    return LINK.matcher(line.strip()).matches()
        ? "<a href=\"%s\" style=\"color:#2563eb\">%s</a>"
            .formatted(escaped.strip(), escaped.strip())
        : escaped;
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
