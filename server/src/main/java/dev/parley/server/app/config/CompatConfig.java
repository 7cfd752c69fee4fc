package dev.parley.server.app.config;

/// How the older dialects are served.
///
/// @param open whether the open realm, which asks for no token, is on
/// @param autoCreate whether joining an unknown open organization or group creates it
public record CompatConfig(boolean open, boolean autoCreate) {}
