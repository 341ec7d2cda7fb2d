package dev.mainstay.server.queue;

import com.fasterxml.jackson.annotation.JsonValue;
import dev.mainstay.server.platform.http.OneOrMany;
import java.util.List;

/** The jobs that a request has added, in the form in which it gave them. */
record JobViews(List<JobView> items, boolean many) implements OneOrMany<JobView> {

  @JsonValue
  Object json() {
    return many ? items : items.getFirst();
  }
}
