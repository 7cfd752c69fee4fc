package dev.parley.server.domain.identity;

import java.util.Optional;

/// An account, as only its owner sees it.
public record Account(Profile profile, Optional<Email> email) {}
