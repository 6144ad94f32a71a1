/* Draws every script[data-chart] into the element of that id; colours are tokens, so light and dark share one drawing. */
(function () {
  "use strict";
  var phone = matchMedia("screen and (max-width: 991px)"), drawn = new Map();
  var embed = { ast: true, defaultStyle: false, tooltip: { disableDefaultStyle: true }, actions: false, renderer: "svg" };
  function coloured(value, key) {
    if (key === "data" || key === "datasets") return value;
    if (Array.isArray(value)) return value.map(function (item) { return coloured(item); });
    if (value && typeof value === "object") {
      var copy = {};
      Object.keys(value).forEach(function (name) { copy[name] = coloured(value[name], name); });
      return copy;
    }
    return typeof value === "string" && /^\$[a-z0-9-]+$/.test(value) ? "var(--wb-" + value.slice(1) + ")" : value;
  }
  function draw(within) {
    (within || document).querySelectorAll("script[data-chart]").forEach(function (block) {
      var place = document.getElementById(block.dataset.chart), spec = JSON.parse(block.textContent);
      if (!place || !window.vegaEmbed) return;
      if (phone.matches && spec.usermeta && spec.usermeta.phone) Object.assign(spec, spec.usermeta.phone);
      if (drawn.has(place)) drawn.get(place).finalize();
      window.vegaEmbed(place, coloured(spec), embed).then(function (result) {
        drawn.set(place, result.view);
        place.querySelectorAll("svg").forEach(function (svg) { svg.setAttribute("aria-hidden", "true"); });
      }).catch(function (error) {
        place.textContent = "This chart could not be drawn (" + error.message + "). Its figures stand in the table below.";
      }).then(function () { place.dataset.drawn = "true"; });
    });
  }
  document.addEventListener("DOMContentLoaded", function () { draw(); });
  document.addEventListener("htmx:afterSwap", function (event) { draw(event.target); });
  phone.addEventListener("change", function () { draw(); });
})();
