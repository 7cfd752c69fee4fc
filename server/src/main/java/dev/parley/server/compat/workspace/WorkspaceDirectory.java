package dev.parley.server.compat.workspace;

import dev.parley.server.base.OrgId;
import dev.parley.server.base.Refusal;
import dev.parley.server.base.RefusedException;
import dev.parley.server.base.TaskId;
import dev.parley.server.domain.directory.DirectoryUserId;
import dev.parley.server.domain.directory.DirectoryUsers;
import dev.parley.server.domain.org.Organizations;
import dev.parley.server.domain.task.Tasks;
import dev.parley.server.rest.http.Call;
import org.jspecify.annotations.Nullable;

/// The first seed's users and tasks in our words: users of the directory, which lies in a reserved
/// open organization whose handle no client can name, and tasks of that organization.
public final class WorkspaceDirectory {
  static final String NO_USER = "user not found";
  static final String NO_TASK = "task not found";

  static final String HANDLE = Workspace.FAMILY + ".users";
  static final String NAME = "Directory";

  private final Organizations organizations;
  private final DirectoryUsers users;
  private final Tasks tasks;

  /// Found or founded once; an organization's id never changes.
  private volatile @Nullable OrgId org;

  public WorkspaceDirectory(Organizations organizations, DirectoryUsers users, Tasks tasks) {
    this.organizations = organizations;
    this.users = users;
    this.tasks = tasks;
  }

  DirectoryUsers users() {
    return users;
  }

  Tasks tasks() {
    return tasks;
  }

  /// Where they all lie.
  OrgId org() {
    var known = org;
    if (known == null) {
      known =
          organizations
              .findOpen(HANDLE)
              .or(() -> organizations.createOpen(Workspace.NOBODY, HANDLE, NAME))
              .or(() -> organizations.findOpen(HANDLE))
              .orElseThrow()
              .id();
      org = known;
    }
    return known;
  }

  /// The user in the path; what is no id is nobody's.
  static DirectoryUserId user(Call call) {
    return DirectoryUserId.find(call.path("user_id")).orElseThrow(WorkspaceDirectory::noUser);
  }

  /// The task in the path; what is no id is no task's.
  static TaskId task(Call call) {
    try {
      return call.taskId();
    } catch (RefusedException e) {
      throw Refusal.notFound(NO_TASK);
    }
  }

  static RefusedException noUser() {
    return Refusal.notFound(NO_USER);
  }
}
