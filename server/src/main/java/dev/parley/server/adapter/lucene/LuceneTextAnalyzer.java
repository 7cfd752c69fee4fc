package dev.parley.server.adapter.lucene;

import dev.parley.server.domain.search.TextAnalyzer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.ar.ArabicNormalizationFilter;
import org.apache.lucene.analysis.cjk.CJKBigramFilter;
import org.apache.lucene.analysis.icu.ICUFoldingFilter;
import org.apache.lucene.analysis.icu.segmentation.DefaultICUTokenizerConfig;
import org.apache.lucene.analysis.icu.segmentation.ICUTokenizer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.tartarus.snowball.ext.EnglishStemmer;

/// One way for all languages (ADR 10): words where Unicode and, for Thai, Lao, Khmer and Burmese,
/// ICU's dictionaries see them; Chinese, Japanese and Korean in single characters and pairs; all
/// without accents, case, width and other differences that people do not type.
///
/// Beside each word of the letters a to z stands its English stem (Porter2), marked so that it is
/// no word. A stem loses no finding, whatever the language is, because the word itself stays.
public final class LuceneTextAnalyzer implements TextAnalyzer, AutoCloseable {
  /// Of a longer word the beginning counts; PostgreSQL keeps at most 2,046 bytes.
  private static final int LONGEST = 100;

  /// No tokenizer lets this be part of a word.
  private static final char STEM = '=';

  private static final Pattern LATIN = Pattern.compile("[a-z]+");

  private final Analyzer kept = analyzer(true);
  private final Analyzer asked = analyzer(false);

  @Override
  public int version() {
    return 2;
  }

  @Override
  public List<Token> words(String text) {
    return tokens(kept, text).stream().flatMap(LuceneTextAnalyzer::withStem).toList();
  }

  @Override
  public List<Token> asked(String text) {
    return tokens(asked, text);
  }

  @Override
  public List<Token> askedInAnyForm(String text) {
    return tokens(asked, text).stream().map(word -> stem(word).orElse(word)).toList();
  }

  private static Stream<Token> withStem(Token word) {
    return Stream.concat(Stream.of(word), stem(word).stream());
  }

  private static Optional<Token> stem(Token word) {
    if (!LATIN.matcher(word.text()).matches()) {
      return Optional.empty();
    }
    var stemmer = new EnglishStemmer();
    stemmer.setCurrent(word.text());
    stemmer.stem();
    var stem = STEM + stemmer.getCurrent();
    return Optional.of(new Token(stem, word.position(), word.start(), word.end()));
  }

  private static Analyzer analyzer(boolean singles) {
    return new Analyzer() {
      @Override
      protected TokenStreamComponents createComponents(String field) {
        var words = new ICUTokenizer(new DefaultICUTokenizerConfig(false, true));
        TokenStream clean = new CJKBigramFilter(words, ALL_SCRIPTS, singles);
        clean = new ICUFoldingFilter(clean);
        clean = new ArabicNormalizationFilter(clean);
        return new TokenStreamComponents(words, clean);
      }
    };
  }

  private static final int ALL_SCRIPTS =
      CJKBigramFilter.HAN
          | CJKBigramFilter.HIRAGANA
          | CJKBigramFilter.KATAKANA
          | CJKBigramFilter.HANGUL;

  private static List<Token> tokens(Analyzer analyzer, String text) {
    var tokens = new ArrayList<Token>();
    try (var stream = analyzer.tokenStream("", text)) {
      var term = stream.addAttribute(CharTermAttribute.class);
      var place = stream.addAttribute(OffsetAttribute.class);
      var increment = stream.addAttribute(PositionIncrementAttribute.class);
      int position = 0;
      stream.reset();
      while (stream.incrementToken()) {
        position += increment.getPositionIncrement();
        var word = shortened(term.toString().replace('ı', 'i'));
        if (!word.isEmpty()) {
          tokens.add(
              new Token(word, Math.max(position, 1), place.startOffset(), place.endOffset()));
        }
      }
      stream.end();
      return tokens;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String shortened(String word) {
    return word.codePointCount(0, word.length()) <= LONGEST
        ? word
        : word.substring(0, word.offsetByCodePoints(0, LONGEST));
  }

  @Override
  public void close() {
    kept.close();
    asked.close();
  }
}
