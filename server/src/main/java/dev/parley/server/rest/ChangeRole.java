package dev.parley.server.rest;

import dev.parley.server.domain.access.Role;

/// A body that gives a member another role.
record ChangeRole(Role role) {}
