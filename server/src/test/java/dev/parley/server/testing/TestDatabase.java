package dev.parley.server.testing;

import dev.parley.server.adapter.postgres.Database;
import dev.parley.server.adapter.postgres.DatabaseConfig;

/// A database of its own for one test class, with the schema and nothing else in it.
///
/// @param database the application's way in
/// @param config how to reach it
/// @param superuser how to reach it with every right, past row-level security: to arrange and to
///   look
public record TestDatabase(Database database, DatabaseConfig config, DatabaseConfig superuser) {}
