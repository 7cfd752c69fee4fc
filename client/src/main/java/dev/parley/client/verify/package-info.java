/// Checks from outside that a server keeps its promises of delivery, and shares no code with it but
/// the protocol.
@NullMarked
package dev.parley.client.verify;

import org.jspecify.annotations.NullMarked;
