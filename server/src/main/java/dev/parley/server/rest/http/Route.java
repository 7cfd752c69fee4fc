package dev.parley.server.rest.http;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One thing that can be asked over HTTP.
///
/// @param path the template, such as `/api/v1/rooms/{room_id}`
/// @param operation a name that is unique among all routes
/// @param action the guard and the handler, in one
public record Route(
    Verb verb,
    String path,
    String operation,
    Policy policy,
    Dialect dialect,
    Doc doc,
    Action action) {
  /// Answers a call; blocks as it likes.
  @FunctionalInterface
  public interface Action {
    /// The answer, or a refusal.
    Answer answer(Call call);
  }

  /// What the API description says about a route.
  ///
  /// @param takes the record of the JSON body
  /// @param gives what may be answered, per status
  /// @param query what each query parameter means
  /// @param numbers which of them are numbers from 0 up
  /// @param headers what each request header means
  /// @param upload whether the body is a file, which the handler reads as it arrives
  public record Doc(
      String summary,
      Optional<Class<?>> takes,
      Map<Integer, List<Given>> gives,
      Map<String, String> query,
      Set<String> numbers,
      Map<String, String> headers,
      boolean upload) {
    static Doc of(String summary) {
      return new Doc(summary, Optional.empty(), Map.of(), Map.of(), Set.of(), Map.of(), false);
    }

    Doc taking(Class<?> type) {
      return new Doc(summary, Optional.of(type), gives, query, numbers, headers, upload);
    }

    Doc uploading() {
      return new Doc(summary, takes, gives, query, numbers, headers, true);
    }

    Doc giving(int status, Given given) {
      var all = new ArrayList<>(gives.getOrDefault(status, List.of()));
      all.add(given);
      return new Doc(
          summary, takes, plus(gives, status, List.copyOf(all)), query, numbers, headers, upload);
    }

    Doc asking(String name, String meaning) {
      return new Doc(summary, takes, gives, plus(query, name, meaning), numbers, headers, upload);
    }

    Doc counting(String name, String meaning) {
      var more = new HashSet<>(numbers);
      more.add(name);
      return new Doc(
          summary, takes, gives, plus(query, name, meaning), Set.copyOf(more), headers, upload);
    }

    Doc reading(String name, String meaning) {
      return new Doc(summary, takes, gives, query, numbers, plus(headers, name, meaning), upload);
    }

    private static <K, V> Map<K, V> plus(Map<K, V> map, K key, V value) {
      var more = new LinkedHashMap<>(map);
      more.put(key, value);
      return more;
    }
  }

  /// A documented answer.
  public sealed interface Given {
    /// No body.
    record Nothing() implements Given {}

    /// A record as JSON.
    record One(Class<?> type) implements Given {}

    /// A JSON array of records.
    record Many(Class<?> element) implements Given {}

    /// Something that is not JSON.
    record Media(String mediaType) implements Given {}
  }

  /// The names in the braces of the path, in order.
  public List<String> parameters() {
    return RouteTable.segments(path).stream()
        .filter(RouteTable::isParameter)
        .map(RouteTable::parameterName)
        .toList();
  }
}
