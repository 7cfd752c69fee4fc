/// Load generators: they use the server as strangers do, and print figures.
@NullMarked
package dev.parley.bench;

import org.jspecify.annotations.NullMarked;
