package dev.parley.bench.ack;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What is measured.
///
/// @param server the address of the main port
/// @param processes of the server, whose processor time is counted
/// @param postgres the postmaster, whose time is counted with that of its children
/// @param rooms that are written to at once
/// @param conns sockets, spread over the rooms
/// @param window messages that each socket has under way in the saturated phase
/// @param hotConns sockets in the hot room
/// @param hotWindow the same as `window` there
/// @param seconds of each phase
/// @param warmup seconds of load that is not measured
/// @param rate messages per second of the phases with a schedule; 0 is half of what was reached
/// @param size of a message's content in bytes
/// @param lone how many messages are sent one after the other in the last phase
record Options(
    URI server,
    List<Long> processes,
    List<Long> postgres,
    int rooms,
    int conns,
    int window,
    int hotConns,
    int hotWindow,
    int seconds,
    int warmup,
    int rate,
    int size,
    int lone) {
  static Options parse(String[] args) {
    var values = new HashMap<String, String>();
    var processes = new ArrayList<Long>();
    var postgres = new ArrayList<Long>();
    for (int i = 0; i + 1 < args.length; i += 2) {
      if (args[i].equals("--pid")) {
        processes.add(Long.parseLong(args[i + 1]));
      } else if (args[i].equals("--postgres")) {
        postgres.add(Long.parseLong(args[i + 1]));
      } else {
        values.put(args[i], args[i + 1]);
      }
    }
    return new Options(
        URI.create(values.getOrDefault("--url", "http://127.0.0.1:8080")),
        List.copyOf(processes),
        List.copyOf(postgres),
        number(values, "--rooms", 50),
        number(values, "--conns", 50),
        number(values, "--window", 20),
        number(values, "--hot-conns", 10),
        number(values, "--hot-window", 100),
        number(values, "--seconds", 10),
        number(values, "--warmup", 15),
        number(values, "--rate", 0),
        number(values, "--size", 100),
        number(values, "--lone", 1_000));
  }

  private static int number(Map<String, String> values, String name, int standard) {
    return Integer.parseInt(values.getOrDefault(name, Integer.toString(standard)));
  }
}
