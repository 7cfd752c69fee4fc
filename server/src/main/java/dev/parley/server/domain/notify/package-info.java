/// What a person is to be shown: the notifications in their own log.
@NullMarked
package dev.parley.server.domain.notify;

import org.jspecify.annotations.NullMarked;
