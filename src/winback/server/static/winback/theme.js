/* Light or dark before the first paint: as chosen, else as the system has it. */
(function () {
  "use strict";
  var root = document.documentElement, system = matchMedia("(prefers-color-scheme: dark)");
  function chosen() { try { return localStorage.getItem("winback-theme"); } catch (_) { return null; } }
  function show() { root.setAttribute("data-bs-theme", chosen() || (system.matches ? "dark" : "light")); }
  show();
  system.addEventListener("change", show);
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-theme-toggle]")) return;
    var next = root.getAttribute("data-bs-theme") === "dark" ? "light" : "dark";
    try { localStorage.setItem("winback-theme", next); } catch (_) { /* private window */ }
    root.setAttribute("data-bs-theme", next);
    document.dispatchEvent(new Event("winback:theme"));
  });
})();
