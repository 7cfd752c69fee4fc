/// Fulfils ports with Redis: what connects several nodes and is never the only copy of anything.
///
/// Every key and channel begins with `parley:`, but for the history that operators of the first
/// seed know as `messages:{org}:{group}`.
@NullMarked
package dev.parley.server.adapter.redis;

import org.jspecify.annotations.NullMarked;
