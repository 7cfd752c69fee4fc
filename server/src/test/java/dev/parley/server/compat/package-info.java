/// Tests of the seeds' dialects, by clients that know only what the seeds' READMEs say.
@NullMarked
package dev.parley.server.compat;

import org.jspecify.annotations.NullMarked;
