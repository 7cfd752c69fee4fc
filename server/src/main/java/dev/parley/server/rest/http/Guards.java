package dev.parley.server.rest.http;

/// Who may come in, and how often.
public record Guards(Authenticator authenticator, Throttle throttle) {}
