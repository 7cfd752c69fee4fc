/// Keeps the sockets: frames in, commands out; events in, frames out.
@NullMarked
package dev.parley.server.gateway;

import org.jspecify.annotations.NullMarked;
