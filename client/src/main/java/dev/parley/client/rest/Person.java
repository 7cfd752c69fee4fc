package dev.parley.client.rest;

/// What everybody may know of an account.
public record Person(String userId, String username) {}
