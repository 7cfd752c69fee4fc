"use strict";
// Seeds 000 and 001 with npm's `ws`: the READMEs' JavaScript, and bursts that must arrive whole and in order.

const assert = require("node:assert/strict");
const { once } = require("node:events");
const { test, before } = require("node:test");
const WebSocket = require("ws");
const { eventually, fresh, snippet, sockets, team } = require("./support/server");

const org = fresh("org");
const group = fresh("group");
before(() => Promise.all([team(org, group), team("org1", "group1")]));

async function join(client) {
  const socket = new WebSocket(`${sockets}/ws/orgs/${org}/groups/${group}?clientId=${client}`);
  socket.contents = [];
  socket.on("message", data => socket.contents.push(JSON.parse(data).content));
  socket.on("close", (code, reason) => { socket.ended = `closed by ${code} ${reason}`; });
  await once(socket, "open");
  return socket;
}

/** Runs the README's lines; `ended` closes the socket that they open. */
function run(number) {
  const said = [];
  const opened = [];
  const Recorded = class extends WebSocket {
    constructor(...given) {
      super(...given);
      opened.push(this);
    }
  };
  new Function("WebSocket", "console", snippet(number))(Recorded, { log: (...words) => said.push(words) });
  return { said, ended: () => opened.forEach(socket => socket.close()) };
}

test("the JavaScript of README 000 prints what it sent", async () => {
  const { said, ended } = run("000");
  const [word, data] = await eventually("a line", () => said.find(([word]) => word === "Received"));
  ended();
  assert.equal(word, "Received");
  assert.equal(JSON.parse(data).content, "Hello world");
  assert.equal(JSON.parse(data).client_id, "alice");
});

test("the JavaScript of README 001 prints what it sent", async () => {
  const { said, ended } = run("001");
  const [, message] = await eventually("a line", () => said.find(([word]) => word === "Received:"));
  ended();
  assert.deepEqual(said[0], ["Connected!"]);
  assert.equal(message.content, "Hello from client!");
  assert.equal(message.client_id, "user123");
});

for (const count of [2_000, 20_000]) {
  test(`a burst of ${count} frames arrives whole and in order`, async () => {
    const [sender, receiver] = await Promise.all([join("sender"), join("receiver")]);
    const sent = Array.from({ length: count }, (_, number) => `${count}-${number}`);
    for (const content of sent) sender.send(JSON.stringify({ content }));
    const done = socket => socket.contents.length >= count || socket.ended;
    await eventually(`${count} frames`, () => done(sender) && done(receiver), 30_000).catch(() => {});
    for (const [name, socket] of Object.entries({ sender, receiver })) {
      assert.equal(socket.contents.length, count, `the ${name} got them all, ${socket.ended ?? "and is still open"}`);
      assert.deepEqual(socket.contents, sent);
      socket.close();
    }
  });
}

test("two senders at once: both see one order, and each sender's own is kept", async () => {
  const [one, other] = await Promise.all([join("one"), join("other")]);
  for (let number = 0; number < 500; number++) {
    one.send(JSON.stringify({ content: `one ${number}` }));
    other.send(JSON.stringify({ content: `other ${number}` }));
  }
  await eventually("1000 frames", () => one.contents.length >= 1000 && other.contents.length >= 1000);
  one.close();
  other.close();
  assert.deepEqual(one.contents, other.contents);
  for (const name of ["one", "other"]) {
    const numbers = one.contents.filter(content => content.startsWith(name + " ")).map(content => +content.split(" ")[1]);
    assert.deepEqual(numbers, Array.from({ length: 500 }, (_, number) => number));
  }
});
