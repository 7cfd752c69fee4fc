/// Runs the PostgreSQL that comes along, so that nobody has to install one.
@NullMarked
package dev.parley.server.adapter.postgres.embedded;

import org.jspecify.annotations.NullMarked;
