/// Reads the config, builds the objects, starts and stops a role.
@NullMarked
package dev.parley.server.app;

import org.jspecify.annotations.NullMarked;
