/// Talks `parley.v1` for a Java program: keeps a connection, and the order and completeness of what
/// it carries.
@NullMarked
package dev.parley.client;

import org.jspecify.annotations.NullMarked;
