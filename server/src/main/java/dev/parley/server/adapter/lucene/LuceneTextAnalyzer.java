package dev.parley.server.adapter.lucene;

import dev.parley.server.domain.search.TextAnalyzer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
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

/// One way for all languages (ADR 10): words where Unicode and, for Thai, Lao, Khmer and Burmese,
/// ICU's dictionaries see them; Chinese, Japanese and Korean in single characters and pairs; all
/// without accents, case, width and other differences that people do not type. No stemming.
public final class LuceneTextAnalyzer implements TextAnalyzer, AutoCloseable {
  /// Of a longer word the beginning counts; PostgreSQL keeps at most 2,046 bytes.
  private static final int LONGEST = 100;

  private final Analyzer kept = analyzer(true);
  private final Analyzer asked = analyzer(false);

  @Override
  public int version() {
    return 1;
  }

  @Override
  public List<Token> words(String text) {
    return tokens(kept, text);
  }

  @Override
  public List<Token> asked(String text) {
    return tokens(asked, text);
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
