/// Finding messages by what they say, in any language.
@NullMarked
package dev.parley.server.domain.search;

import org.jspecify.annotations.NullMarked;
