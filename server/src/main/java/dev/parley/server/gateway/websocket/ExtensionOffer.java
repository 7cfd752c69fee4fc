package dev.parley.server.gateway.websocket;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One extension that a client offers (RFC 6455 §9.1).
///
/// @param name as sent
/// @param parameters in their order; one without a value has the empty one
record ExtensionOffer(String name, List<Parameter> parameters) {
  private static final String TOKEN = "[!#$%&'*+\\-.^_`|~0-9A-Za-z]++";
  private static final Pattern NAME = Pattern.compile("[ \\t]*+(" + TOKEN + ")[ \\t]*+");

  /// A quoted value must be a token too once its quotes are gone.
  private static final Pattern PARAMETER =
      Pattern.compile(
          ";[ \\t]*+("
              + TOKEN
              + ")[ \\t]*+(?:=[ \\t]*+(?:("
              + TOKEN
              + ")|\"("
              + TOKEN
              + ")\")[ \\t]*+)?+");

  record Parameter(String name, String value) {}

  /// All offers in order, or none at all from a header that does not parse. Linear in the length of
  /// the headers.
  static List<ExtensionOffer> parse(List<String> headers) {
    var offers = new ArrayList<ExtensionOffer>();
    for (String header : headers) {
      if (!parse(header, offers)) {
        return List.of();
      }
    }
    return offers;
  }

  private static boolean parse(String header, List<ExtensionOffer> offers) {
    Matcher name = NAME.matcher(header);
    Matcher parameter = PARAMETER.matcher(header);
    int at = 0;
    while (true) {
      if (!name.region(at, header.length()).lookingAt()) {
        return false;
      }
      at = name.end();
      var parameters = new ArrayList<Parameter>();
      while (parameter.region(at, header.length()).lookingAt()) {
        parameters.add(new Parameter(parameter.group(1), value(parameter)));
        at = parameter.end();
      }
      offers.add(new ExtensionOffer(name.group(1), List.copyOf(parameters)));
      if (at == header.length()) {
        return true;
      }
      if (header.charAt(at++) != ',') {
        return false;
      }
    }
  }

  private static String value(Matcher parameter) {
    String bare = parameter.group(2);
    String quoted = parameter.group(3);
    return bare != null ? bare : quoted != null ? quoted : "";
  }
}
