/// What travels on the wire: commands, events, codes and their JSON codec.
@NullMarked
package dev.parley.protocol;

import org.jspecify.annotations.NullMarked;
