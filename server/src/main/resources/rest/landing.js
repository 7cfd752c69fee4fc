// Shows the address under which the page was opened.
for (const place of document.querySelectorAll("[data-origin]")) {
  place.textContent = location.origin;
}
for (const place of document.querySelectorAll("[data-socket]")) {
  place.textContent = location.origin.replace(/^http/, "ws");
}
