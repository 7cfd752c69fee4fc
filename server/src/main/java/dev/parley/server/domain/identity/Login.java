package dev.parley.server.domain.identity;

/// Somebody who wants to sign in.
///
/// @param name username or e-mail address
public record Login(String name, Password password, Client client) {}
