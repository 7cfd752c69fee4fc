package dev.parley.server.domain.directory;

import java.time.Instant;

/// Somebody in the directory of the open realm.
///
/// @param username unique in the directory
/// @param email unique in the directory; its syntax is nobody's business here
/// @param fullName may be empty
/// @param org the organization that they were put under: any text, whether it exists or not
public record DirectoryUser(
    DirectoryUserId id,
    String username,
    String email,
    String fullName,
    String org,
    Instant createdAt,
    Instant updatedAt) {}
