/// Takes texts of any language apart into words, with Lucene's analyzers.
@NullMarked
package dev.parley.server.adapter.lucene;

import org.jspecify.annotations.NullMarked;
