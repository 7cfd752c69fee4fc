"use strict";
// A headless Chromium, driven by its devtools protocol.

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { once } = require("node:events");
const readline = require("node:readline");
const WebSocket = require("ws");
const { eventually } = require("./server");

class Chromium {
  static async launch() {
    const profile = fs.mkdtempSync(path.join(process.env.E2E_WORK, "chromium-"));
    const child = spawn("chromium", [
      "--headless=new", "--remote-debugging-port=0", `--user-data-dir=${profile}`, "--no-first-run",
      "--disable-gpu", "--disable-dev-shm-usage", "--disable-background-networking", "--disable-component-update",
      ...(process.getuid() === 0 ? ["--no-sandbox"] : []),
    ], { stdio: ["ignore", "ignore", "pipe"] });
    fs.writeFileSync(path.join(process.env.E2E_PIDS, String(child.pid)), "");
    for await (const line of readline.createInterface(child.stderr)) {
      const address = line.match(/DevTools listening on (.*)/)?.[1];
      if (address) return Chromium.#connect(child, address);
    }
    throw new Error("chromium did not start");
  }

  static async #connect(child, address) {
    child.stderr.resume();
    const socket = new WebSocket(address);
    await once(socket, "open");
    return new Chromium(child, socket);
  }

  #child; #socket; #calls = new Map(); #listeners = new Map(); #last = 0;

  constructor(child, socket) {
    this.#child = child;
    this.#socket = socket;
    socket.on("message", data => this.#hear(JSON.parse(data)));
  }

  #hear({ id, error, result, sessionId, method, params }) {
    if (!id) return this.#listeners.get(sessionId)?.(method, params);
    const { resolve, reject } = this.#calls.get(id);
    this.#calls.delete(id);
    if (error) reject(new Error(error.message)); else resolve(result);
  }

  call(method, params = {}, sessionId) {
    const id = ++this.#last;
    this.#socket.send(JSON.stringify({ id, method, params, sessionId }));
    return new Promise((resolve, reject) => this.#calls.set(id, { resolve, reject }));
  }

  async open(url) {
    const { targetId } = await this.call("Target.createTarget", { url: "about:blank" });
    const { sessionId } = await this.call("Target.attachToTarget", { targetId, flatten: true });
    const page = new Page((method, params) => this.call(method, params, sessionId));
    this.#listeners.set(sessionId, (method, params) => page.hear(method, params));
    for (const domain of ["Page", "Runtime", "Log"]) await page.call(domain + ".enable");
    await page.call("Page.navigate", { url });
    await eventually(`${url} is loaded`, () => page.loaded);
    return page;
  }

  async close() {
    const ended = once(this.#child, "exit");
    await this.call("Browser.close");
    await ended;
    fs.rmSync(path.join(process.env.E2E_PIDS, String(this.#child.pid)), { force: true });
  }
}

/** One tab: what its console said, and what was wrong in it. */
class Page {
  said = []; wrong = []; loaded = false;

  constructor(call) {
    this.call = call;
  }

  hear(method, params) {
    if (method === "Page.loadEventFired") this.loaded = true;
    if (method === "Runtime.exceptionThrown") this.wrong.push(params.exceptionDetails.exception?.description);
    if (method === "Log.entryAdded" && params.entry.level === "error") this.wrong.push(params.entry.text);
    if (method === "Runtime.consoleAPICalled") {
      this.said.push(params.args.map(arg => arg.value ?? preview(arg)).join(" "));
      if (params.type === "error") this.wrong.push(this.said.at(-1));
    }
  }

  async run(expression) {
    const answer = await this.call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    if (answer.exceptionDetails) throw new Error(answer.exceptionDetails.exception.description);
    return answer.result.value;
  }
}

const preview = ({ preview, description }) =>
  preview ? preview.properties.map(({ name, value }) => `${name}: ${value}`).join(", ") : description;

module.exports = { Chromium };
