/// Writes log lines: JSON for machines or plain for people, never with a token or password.
@NullMarked
package dev.parley.server.app.logging;

import org.jspecify.annotations.NullMarked;
