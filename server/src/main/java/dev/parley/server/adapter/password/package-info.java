/// Hashes passwords.
@NullMarked
package dev.parley.server.adapter.password;

import org.jspecify.annotations.NullMarked;
