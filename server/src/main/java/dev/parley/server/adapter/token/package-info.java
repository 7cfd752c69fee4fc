/// Signs and verifies access tokens.
@NullMarked
package dev.parley.server.adapter.token;

import org.jspecify.annotations.NullMarked;
