/* The keyboard, and small comforts. Every page works without this file. */
(function () {
  "use strict";
  var waiting = "", timer;
  function typing(target) { return target.closest("input, textarea, select, [contenteditable]") !== null; }
  function off() { try { return localStorage.getItem("winback-keys") === "off"; } catch (_) { return false; } }
  function rows() { return Array.prototype.slice.call(document.querySelectorAll("[data-rows] tbody tr, [data-rows] > li")); }
  function step(by) {
    var all = rows(), at = all.findIndex(function (row) { return row.contains(document.activeElement); });
    var next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + by))], link = next && next.querySelector("a");
    if (link) link.focus();
  }
  function follow(selector) { var link = document.querySelector(selector); if (link) link.click(); return Boolean(link); }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || off()) return;
    var key = event.key;
    if (waiting === "g") {
      waiting = "";
      if (follow('[data-keys="g ' + key + '"]')) event.preventDefault();
      return;
    }
    if (key === "g") { waiting = "g"; clearTimeout(timer); timer = setTimeout(function () { waiting = ""; }, 1500); }
    else if (key === "/") { var field = document.querySelector("[data-search]"); if (field) { field.focus(); event.preventDefault(); } else follow('[aria-label="Search"]'); }
    else if (key === "j") step(1);
    else if (key === "k") step(-1);
    else if (key === "?" ) follow('[data-keys="?"]');
    else if (key === "e") follow("[data-export]");
    else if (key === "f") { var filter = document.querySelector("[data-filter]"); if (filter) { filter.focus(); event.preventDefault(); } }
    else if (key === "[") follow("[data-earlier]");
    else if (key === "]") follow("[data-later]");
  });
  /* a menu closes by a click elsewhere and by Escape */
  function close(except) {
    document.querySelectorAll("details.menu[open]").forEach(function (menu) { if (!except || !menu.contains(except)) menu.open = false; });
  }
  document.addEventListener("click", function (event) { close(event.target); });
  document.addEventListener("keydown", function (event) {
    var menu = event.key === "Escape" && document.querySelector("details.menu[open]");
    if (menu) { close(); menu.querySelector("summary").focus(); }
  });
  /* files dropped on a box go into its field; the form does the rest */
  ["dragover", "dragleave", "drop"].forEach(function (kind) {
    document.addEventListener(kind, function (event) {
      var box = event.target.closest && event.target.closest("[data-drop]");
      if (!box || !event.dataTransfer) return;
      event.preventDefault();
      box.classList.toggle("over", kind === "dragover");
      if (kind === "drop" && event.dataTransfer.files.length) { box.querySelector('input[type="file"]').files = event.dataTransfer.files; box.requestSubmit(); }
    });
  });
  /* a form that acts at once on a choice; without script its button does */
  document.addEventListener("change", function (event) {
    var form = event.target.closest("form[data-at-once]");
    if (form) form.requestSubmit();
  });
  document.addEventListener("submit", function (event) {
    var sentence = event.target.dataset.confirm;
    if (sentence && !window.confirm(sentence)) event.preventDefault();
  });
  /* the account page: shortcuts on or off, in this browser */
  var choice = document.querySelector("[data-keys-choice]"), toggle = document.querySelector("[data-keys-toggle]");
  if (choice && toggle) {
    choice.hidden = false;
    toggle.checked = !off();
    toggle.addEventListener("change", function () {
      try { localStorage.setItem("winback-keys", toggle.checked ? "on" : "off"); } catch (_) { toggle.checked = true; }
    });
  }
})();
