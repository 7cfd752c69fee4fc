/// Chats in a terminal, line by line.
@NullMarked
package dev.parley.client.chat;

import org.jspecify.annotations.NullMarked;
