package dev.parley.client.rest;

/// A member of an organization.
///
/// @param username empty if they have no account
public record Person(String userId, String username) {}
