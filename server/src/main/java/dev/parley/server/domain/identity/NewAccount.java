package dev.parley.server.domain.identity;

import dev.parley.server.base.Limits;
import dev.parley.server.base.Names;
import java.util.Optional;

/// The wish for an account.
///
/// @param displayName the name for show; the username if empty
public record NewAccount(
    Username username, Optional<Email> email, Password password, Optional<String> displayName) {
  public NewAccount {
    displayName = displayName.map(name -> Names.required("display_name", name, Limits.NAME));
  }

  String shownName() {
    return displayName.orElse(username.value());
  }
}
