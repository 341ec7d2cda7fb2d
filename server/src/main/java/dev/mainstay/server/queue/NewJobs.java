package dev.mainstay.server.queue;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.deser.std.StdDeserializer;
import dev.mainstay.queue.JobRequest;
import dev.mainstay.server.platform.http.OneOrMany;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.io.IOException;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/** A job to add, or a list of them that are added all or none. */
@JsonDeserialize(using = NewJobs.Reader.class)
record NewJobs(@Size(min = 1, max = MAX_JOBS) List<@NotNull @Valid NewJob> items, boolean many)
    implements OneOrMany<NewJob> {

  /** Jobs of one request. */
  static final int MAX_JOBS = 1000;

  /**
   * @param check refuses what the store cannot have, by where it stands in the body
   */
  List<JobRequest> requests(BiConsumer<String, JobRequest> check) {
    return IntStream.range(0, items.size())
        .mapToObj(
            index -> {
              String path = many ? "[" + index + "]." : "";
              JobRequest request = items.get(index).request(path);
              check.accept(path, request);
              return request;
            })
        .toList();
  }

  /** Tells the two forms apart by their first token. */
  static final class Reader extends StdDeserializer<NewJobs> {
    private static final long serialVersionUID = 1L;

    Reader() {
      super(NewJobs.class);
    }

    @Override
    public NewJobs deserialize(JsonParser parser, DeserializationContext context)
        throws IOException {
      return parser.hasToken(JsonToken.START_ARRAY)
          ? new NewJobs(parser.readValueAs(new TypeReference<List<NewJob>>() {}), true)
          : new NewJobs(List.of(parser.readValueAs(NewJob.class)), false);
    }
  }
}
