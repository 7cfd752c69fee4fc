/// What users write into rooms, and what becomes of it.
@NullMarked
package dev.parley.server.domain.message;

import org.jspecify.annotations.NullMarked;
