/// Reports what the server does to Prometheus.
@NullMarked
package dev.parley.server.adapter.telemetry;

import org.jspecify.annotations.NullMarked;
