/// Speaks the fourth seed's dialect: one chat for everybody who signed in, and private messages.
@NullMarked
package dev.parley.server.compat.dual;

import org.jspecify.annotations.NullMarked;
