package dev.parley.client.chat;

import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Lines in, lines out; with colours if people watch.
public final class Screen {
  private static final String DIM = "\u001b[2m";
  private static final String BOLD = "\u001b[1m";
  private static final String RED = "\u001b[31m";
  private static final String PLAIN = "\u001b[0m";

  private final BufferedReader in;
  private final PrintStream out;
  private final @Nullable Console console;
  private final boolean colours;

  public Screen(BufferedReader in, PrintStream out, @Nullable Console console, boolean colours) {
    this.in = in;
    this.out = out;
    this.console = console;
    this.colours = colours;
  }

  /// The next line; empty at the end of the input.
  Optional<String> read() {
    try {
      return Optional.ofNullable(in.readLine());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Optional<String> ask(String question) {
    out.print(question);
    out.flush();
    return read();
  }

  /// Asks without showing what is typed, if there is a terminal to hide it from.
  Optional<String> askSecretly(String question) {
    if (console == null) {
      return ask(question);
    }
    return Optional.ofNullable(console.readPassword("%s", question)).map(String::new);
  }

  void message(String room, String who, String time, String text, boolean isHere) {
    var place = isHere ? "" : dim("(" + clean(room) + ") ");
    out.println(dim(time) + " " + place + bold(clean(who)) + " " + clean(text));
  }

  void note(String text) {
    out.println(dim("· " + clean(text)));
  }

  void complain(String text) {
    out.println(colours ? RED + "! " + clean(text) + PLAIN : "! " + clean(text));
  }

  void line(String text) {
    out.println(clean(text));
  }

  /// Others must not drive our terminal: control characters are shown as a question mark.
  private static String clean(String text) {
    return text.replaceAll("[\\p{Cc}&&[^\\n\\t]]", "?");
  }

  private String dim(String text) {
    return colours ? DIM + text + PLAIN : text;
  }

  private String bold(String text) {
    return colours ? BOLD + text + PLAIN : text + ":";
  }
}
