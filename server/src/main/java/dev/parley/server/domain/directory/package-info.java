/// The directory of the open realm: people without accounts, apart from all who have one.
@NullMarked
package dev.parley.server.domain.directory;

import org.jspecify.annotations.NullMarked;
