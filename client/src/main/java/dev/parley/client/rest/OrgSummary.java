package dev.parley.client.rest;

/// An organization as a list shows it.
public record OrgSummary(String orgId, String name) {}
