package dev.mainstay.server.task;

import dev.mainstay.agent.git.GitException;
import dev.mainstay.agent.git.IllegalRepositoryException;
import dev.mainstay.agent.git.RepositoryPolicy;
import dev.mainstay.agent.git.Workspaces;
import dev.mainstay.server.schema.tables.records.TasksRecord;
import java.util.Optional;

/** A task's row, as the workspaces want it. */
final class WorkspaceRequests {
  private WorkspaceRequests() {}

  /**
   * Checks the address again: the operator's policy may have changed since the task was created.
   */
  static Workspaces.Request of(TasksRecord row, RepositoryPolicy policy) throws GitException {
    try {
      return new Workspaces.Request(
          row.getOrganizationId(),
          row.getId(),
          policy.parse(row.getRepoUrl()),
          Optional.ofNullable(row.getBaseBranch()).orElse(""),
          Optional.ofNullable(row.getBaseCommit()).orElse(""));
    } catch (IllegalRepositoryException e) {
      throw new GitException("repository_refused", "repoUrl " + e.reason(), false);
    }
  }
}
