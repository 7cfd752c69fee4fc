"use strict";
// node:test's results as `run` counts them: one line a check, and below a failed one why.

const path = require("node:path");

module.exports = async function* lines(events) {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail") continue;
    const suite = path.basename(data.file ?? data.name).replace(".test.js", "");
    const name = data.name === data.file ? "loads" : data.name;
    yield `${type === "test:pass" ? "ok  " : "FAIL"} ${suite}: ${name}\n`;
    if (type === "test:fail") yield `       ${why(data.details.error)}\n`;
  }
};

const why = error => String(error.cause?.stack ?? error.cause ?? error).slice(0, 1500).replaceAll("\n", "\n       ");
