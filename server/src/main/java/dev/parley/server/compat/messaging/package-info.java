/// Speaks the second seed's dialect: messages from one user to another, and whether they arrived.
@NullMarked
package dev.parley.server.compat.messaging;

import org.jspecify.annotations.NullMarked;
