package dev.mainstay.server.organization;

import dev.mainstay.server.platform.ProblemException;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Who asks, as a member of an organization.
 *
 * @param grants what their roles allow together
 */
record Membership(Member member, Set<String> grants) {

  boolean may(String grant) {
    return grants.contains(grant);
  }

  void require(String grant, Supplier<ProblemException> otherwise) {
    if (!may(grant)) {
      throw otherwise.get();
    }
  }
}
