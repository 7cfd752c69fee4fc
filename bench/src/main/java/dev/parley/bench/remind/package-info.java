/// Measures how late reminders come.
@NullMarked
package dev.parley.bench.remind;

import org.jspecify.annotations.NullMarked;
