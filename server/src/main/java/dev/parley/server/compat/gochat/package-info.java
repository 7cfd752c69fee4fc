/// Speaks the third seed's dialect: accounts, and rooms with their messages.
@NullMarked
package dev.parley.server.compat.gochat;

import org.jspecify.annotations.NullMarked;
