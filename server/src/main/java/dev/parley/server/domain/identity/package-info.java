/// Accounts, devices and the tokens that prove them.
@NullMarked
package dev.parley.server.domain.identity;

import org.jspecify.annotations.NullMarked;
