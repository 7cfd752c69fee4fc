"use strict";
// What a person sees: the READMEs' browser test in a page, the client of the dual server, the API's pages.

const assert = require("node:assert/strict");
const http = require("node:http");
const { test, before, after } = require("node:test");
const { Chromium } = require("./support/chromium");
const { eventually, fresh, main, rest, snippet, team } = require("./support/server");

let chromium;
before(async () => {
  await team("org1", "group1");
  chromium = await Chromium.launch();
});
after(() => chromium?.close());

/** A page of somebody else's site with just this script in it. */
async function elsewhere(script) {
  const site = http.createServer((_, answer) => answer
    .writeHead(200, { "Content-Type": "text/html; charset=utf-8", Connection: "close" })
    .end(`<!DOCTYPE html><link rel="icon" href="data:,"><script>${script}</script>`));
  await new Promise(resolve => site.listen(0, "127.0.0.1", resolve));
  const page = await chromium.open(`http://127.0.0.1:${site.address().port}/`);
  site.close();
  return page;
}

for (const [number, word, content] of [["000", "Received", "Hello world"], ["001", "Received:", "Hello from client!"]]) {
  test(`the browser test of README ${number} prints what it sent`, async () => {
    const page = await elsewhere(snippet(number));
    const line = await eventually("a line", () => page.said.find(line => line.startsWith(word)));
    assert.ok(line.includes(content), line);
    assert.deepEqual(page.wrong, []);
  });
}

for (const [port, base] of [["REST", rest], ["main", main]]) {
  test(`the client page of the ${port} port registers, logs in and chats`, async () => {
    const page = await chromium.open(base + "/client");
    const name = fresh("browser");
    const fill = (id, value) => page.run(`document.getElementById(${JSON.stringify(id)}).value = ${JSON.stringify(value)}`);
    const click = text => page.run(`[...document.querySelectorAll("button")].find(b => /${text}/.test(b.textContent)).click()`);
    const shows = text => eventually(text, () => page.run(`document.body.innerText.includes(${JSON.stringify(text)})`));
    await fill("username", name);
    await fill("password", "correct-horse-battery-staple-7");
    await click("Register");
    await shows(`registered ${name}`);
    await click("Log in");
    await shows('"welcome"');
    await fill("text", "hello from a browser");
    await click("Send");
    await shows("hello from a browser");
    assert.deepEqual(page.wrong, []);
  });
}

test("/docs shows the API and no error", async () => {
  const page = await chromium.open(main + "/docs");
  await eventually("chapters", () => page.run('document.querySelectorAll(".opblock-tag").length > 4'));
  await page.run('document.querySelectorAll(".opblock-tag").forEach(chapter => chapter.click())');
  await eventually("operations", () => page.run('document.querySelectorAll(".opblock").length > 20'));
  const text = await page.run("document.body.innerText");
  for (const path of ["/api/v1/orgs", "/api/send_message", "/auth/signup", "/rooms", "/api/v1/users/register"]) {
    assert.ok(text.includes(path), path);
  }
  assert.deepEqual(page.wrong, []);
});

test("the first page opens without an error", async () => {
  const page = await chromium.open(main + "/");
  assert.ok((await page.run("document.body.innerText")).includes("Parley"));
  assert.deepEqual(page.wrong, []);
});
