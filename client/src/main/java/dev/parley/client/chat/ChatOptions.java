package dev.parley.client.chat;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;

/// Where to chat, and as whom.
///
/// @param user the username; without it, whoever was last signed in to this server
/// @param room the name of the room to begin in
/// @param folder where refresh tokens are kept
public record ChatOptions(URI url, Optional<String> user, Optional<String> room, Path folder) {}
