/// Speaks the first seed's dialect: workspaces of organizations, groups and direct messages.
@NullMarked
package dev.parley.server.compat.workspace;

import org.jspecify.annotations.NullMarked;
