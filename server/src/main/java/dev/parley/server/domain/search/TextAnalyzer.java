package dev.parley.server.domain.search;

import java.util.List;

/// Takes texts apart into the words by which they are found: the same way for what is kept and for
/// what is asked, or nothing would be found. Thread-safe.
public interface TextAnalyzer {
  /// Names this way of taking apart; another version makes the index be built anew.
  int version();

  /// The words of a text, in its order, each together with the form that it shares with its other
  /// forms.
  List<Token> words(String text);

  /// The words of what somebody asks for. In scripts without spaces a text is kept by single
  /// characters and by pairs, and asked for by pairs.
  List<Token> asked(String text);

  /// The same, but each word in the form that it shares with its other forms, such as `run` and
  /// `running`, where there is one.
  List<Token> askedInAnyForm(String text);

  /// A word.
  ///
  /// @param text without accents, case and width
  /// @param position its number among the words, from 1; several may share one
  /// @param start where it begins in the text, in UTF-16 code units
  /// @param end where it ends (exclusive)
  record Token(String text, int position, int start, int end) {}
}
