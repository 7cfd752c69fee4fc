package dev.parley.client.rest;

/// An account that has signed up or in, on one device.
public record Login(String userId, String username, String deviceId, Tokens tokens) {}
