/// What users upload and attach to messages.
@NullMarked
package dev.parley.server.domain.file;

import org.jspecify.annotations.NullMarked;
