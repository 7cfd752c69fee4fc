package dev.parley.server.rest.http;

import java.io.InputStream;
import java.util.Optional;
import java.util.OptionalLong;

/// A file in the body of a request.
///
/// @param name what the client calls it; only parts of a form have one
/// @param length how long it will be, if that is known before
/// @param bytes the file as it arrives; reading waits for the client, and refuses when it is too
///   slow or goes
public record Upload(Optional<String> name, OptionalLong length, InputStream bytes) {}
