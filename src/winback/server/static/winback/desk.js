/* The sorting desk by keyboard. Without this file its forms do the same. */
(function () {
  "use strict";
  var form = document.querySelector("form[data-desk]");
  if (!form) return;
  var filter = form.querySelector("[data-search]"), said = document.querySelector("[data-comment]"), status = document.getElementById("status"), went = 0;
  function off() { try { return localStorage.getItem("winback-keys") === "off"; } catch (_) { return false; } }
  function labels() { return Array.prototype.slice.call(form.querySelectorAll("[data-theme]")); }
  function marked() {
    var chosen = window.getSelection();
    if (!chosen || chosen.isCollapsed || !said.contains(chosen.anchorNode) || !said.contains(chosen.focusNode)) return "";
    return chosen.toString();
  }
  function tick(label) {
    var box = label.querySelector("input[type=checkbox]"), words = label.querySelector("input[type=hidden]"), chosen = marked();
    box.checked = chosen ? true : !box.checked;
    words.value = box.checked ? chosen || words.value : "";
    status.textContent = (box.checked ? "Ticked: " : "Not ticked: ") + label.dataset.theme + (chosen ? ", with the words you marked" : "");
  }
  function act(name) { var button = form.querySelector('button[value="' + name + '"]') || document.querySelector('button[value="' + name + '"]'); if (button) button.click(); }
  document.addEventListener("keydown", function (event) {
    if (event.ctrlKey || event.metaKey || event.altKey || off()) return;
    var typing = event.target.closest("textarea, select, input:not([type=checkbox])");
    if (typing) {
      if (event.target === filter && event.key === "Enter") {
        event.preventDefault();
        var first = labels().find(function (label) { return !label.hidden; });
        if (filter.value && first) { tick(first); filter.value = ""; narrow(); filter.blur(); }
      } else if (event.target === filter && event.key === "Escape") { filter.value = ""; narrow(); filter.blur(); }
      return;
    }
    if (event.key === "g") { went = Date.now(); return; }
    if (Date.now() - went < 1500) { went = 0; return; }
    if (/^[1-9]$/.test(event.key)) {
      var label = labels().find(function (one) { return one.dataset.key === event.key; });
      if (label) { tick(label); event.preventDefault(); }
    } else if (event.key === "a") { labels().forEach(function (one) { if (one.dataset.suggested && !one.querySelector("input[type=checkbox]").checked) tick(one); }); event.preventDefault(); }
    else if (event.key === "Enter" && !event.target.closest("a, button, summary")) { act("save"); event.preventDefault(); }
    else if (event.key === "n") act("none");
    else if (event.key === "s") act("skip");
    else if (event.key === "b") act("back");
  });
  function narrow() {
    var asked = filter.value.trim().toLowerCase();
    labels().forEach(function (label) { label.hidden = asked !== "" && label.dataset.theme.toLowerCase().indexOf(asked) < 0; });
  }
  if (filter) { filter.hidden = false; filter.addEventListener("input", narrow); }
  form.addEventListener("click", function (event) {
    var label = event.target.closest("[data-theme]"), chosen = marked();
    if (label && event.target.matches("input[type=checkbox]") && chosen) { event.target.checked = false; tick(label); }
  });
})();
