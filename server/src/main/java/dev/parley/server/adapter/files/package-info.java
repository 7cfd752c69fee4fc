/// Keeps the bytes of files in a folder, and tells their kind by their first bytes.
@NullMarked
package dev.parley.server.adapter.files;

import org.jspecify.annotations.NullMarked;
