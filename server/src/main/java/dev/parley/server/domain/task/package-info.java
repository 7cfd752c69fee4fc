/// Tasks and their reminders.
@NullMarked
package dev.parley.server.domain.task;

import org.jspecify.annotations.NullMarked;
