/// Reads what the operator chose and hands it on as typed records.
@NullMarked
package dev.parley.server.app.config;

import org.jspecify.annotations.NullMarked;
