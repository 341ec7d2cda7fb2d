package dev.mainstay.queue;

import java.util.List;

/**
 * A job to add together with the jobs that have to be done before it. Names are checked, and depth
 * and number counted, when it is added.
 *
 * @param queue the queue of the job
 * @param children jobs of any queue
 */
public record Flow(String queue, JobRequest job, List<Flow> children) {

  public Flow {
    children = List.copyOf(children);
  }

  public static Flow of(String queue, JobRequest job, Flow... children) {
    return new Flow(queue, job, List.of(children));
  }
}
