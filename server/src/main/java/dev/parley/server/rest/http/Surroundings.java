package dev.parley.server.rest.http;

import dev.parley.server.base.Ids;
import dev.parley.server.base.Telemetry;
import dev.parley.server.base.Ticker;

/// What the front door needs from the process around it.
public record Surroundings(Ids ids, Ticker ticker, Telemetry telemetry) {}
