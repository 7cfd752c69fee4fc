/// What tests share.
@NullMarked
package dev.parley.server.testing;

import org.jspecify.annotations.NullMarked;
