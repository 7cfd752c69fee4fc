/// Keeps everything durable in PostgreSQL, the only authority.
@NullMarked
package dev.parley.server.adapter.postgres;

import org.jspecify.annotations.NullMarked;
