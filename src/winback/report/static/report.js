/* The report's behaviour. Without it the page still says everything: figures are text, charts are also tables. */
(function () {
  "use strict";
  var root = document.documentElement;
  function one(selector, within) { return (within || document).querySelector(selector); }
  function all(selector, within) { return Array.prototype.slice.call((within || document).querySelectorAll(selector)); }
  function make(tag, properties, children) {
    var element = Object.assign(document.createElement(tag), properties || {});
    (children || []).forEach(function (child) { element.append(child); });
    return element;
  }
  function say(text) { one("#status").textContent = text; }
  function count(number, word) { return number.toLocaleString("en") + " " + word + (number === 1 ? "" : "s"); }

  /* ---------- light and dark, remembered while the tab is open ---------- */
  var themeButton = one("#theme"), system = matchMedia("(prefers-color-scheme: dark)");
  function isDark() { return root.dataset.theme ? root.dataset.theme === "dark" : system.matches; }
  function showTheme() { themeButton.setAttribute("aria-pressed", String(isDark())); }
  function toggleTheme() {
    root.dataset.theme = isDark() ? "light" : "dark";
    try { sessionStorage.setItem("winback-theme", root.dataset.theme); } catch (_) { /* a file may have no storage */ }
    showTheme();
    say(isDark() ? "Dark" : "Light");
  }
  try { var kept = sessionStorage.getItem("winback-theme"); if (kept) root.dataset.theme = kept; } catch (_) { /* none */ }
  themeButton.addEventListener("click", toggleTheme);
  system.addEventListener("change", showTheme);
  showTheme();

  /* ---------- charts: tokens become the page's own colours, so light, dark and paper need no new drawing ---------- */
  var settings = JSON.parse(one("#config").textContent), phone = matchMedia("screen and (max-width: 991px)");
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
  var views = [], paperWidth = 650; /* A4 or Letter between its margins */
  function draw() {
    views.forEach(function (view) { view.finalize(); });
    views = [];
    all("script[data-chart]").forEach(function (block) {
      var place = one("#" + block.dataset.chart), spec = JSON.parse(block.textContent);
      if (phone.matches && spec.usermeta && spec.usermeta.phone) Object.assign(spec, spec.usermeta.phone);
      spec.config = Object.assign({}, settings.config, spec.config);
      place.classList.add("waiting");
      window.vegaEmbed(place, coloured(spec), settings.embed).then(function (drawn) {
        views.push(drawn.view);
        all("svg", place).forEach(function (svg) { svg.setAttribute("aria-hidden", "true"); });
      }).catch(function (error) {
        place.textContent = "This chart could not be drawn (" + error.message + "). Its figures stand in the table below.";
      }).then(function () { place.classList.remove("waiting"); place.dataset.drawn = "true"; });
    });
  }

  /* ---------- files to take away: pictures and tables ---------- */
  function hand(name, blob) {
    var link = make("a", { href: URL.createObjectURL(blob), download: name });
    document.body.append(link); link.click(); link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 10000);
  }
  function picture(place) {
    var svg = one("svg", place).cloneNode(true), style = getComputedStyle(root);
    svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    svg.removeAttribute("aria-hidden");
    var ground = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    ground.setAttribute("width", "100%"); ground.setAttribute("height", "100%"); ground.setAttribute("fill", "var(--wb-card)");
    svg.prepend(ground);
    return new XMLSerializer().serializeToString(svg).replace(/var\((--wb-[a-z0-9-]+)\)/g, function (_, name) {
      return style.getPropertyValue(name).trim();
    });
  }
  function saveSvg(place, name) { hand(name + ".svg", new Blob([picture(place)], { type: "image/svg+xml" })); }
  function savePng(place, name) {
    var image = new Image(), box = one("svg", place).getBoundingClientRect();
    image.onload = function () {
      var canvas = make("canvas", { width: Math.round(box.width * 2), height: Math.round(box.height * 2) });
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (blob) { hand(name + ".png", blob); });
    };
    image.src = "data:image/svg+xml;charset=utf-8," + encodeURIComponent(picture(place));
  }
  /* A cell that a spreadsheet would take for a formula gets an apostrophe; a plain number stays a number. */
  function field(text) {
    var value = String(text).replace(/\s+/g, " ").trim();
    if (/^[=+\-@\t\r\u2212]/.test(value) && !/^[+-]?\d+(\.\d+)?$/.test(value)) value = "'" + value;
    return /[",;\n]/.test(value) ? '"' + value.replace(/"/g, '""') + '"' : value;
  }
  function csv(table) {
    return all("tr", table).map(function (row) {
      return Array.prototype.slice.call(row.cells).reduce(function (fields, cell) {
        if (cell.classList.contains("nocsv")) return fields.concat(cell.colSpan > 1 ? [""] : []);
        return fields.concat(field(cell.dataset.v !== undefined ? cell.dataset.v : cell.textContent));
      }, []).join(",");
    }).join("\r\n") + "\r\n";
  }
  function button(text, label, act) {
    var made = make("button", { type: "button", className: "btn mini", textContent: text });
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  }
  var stem = document.title.replace(/[^\w.-]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 60) || "report";
  all("table[data-csv]").forEach(function (table) {
    var figure = table.closest("figure"), name = stem + "-" + table.dataset.csv, tools = make("div", { className: "tools" });
    if (figure && one(".chart", figure)) {
      var place = one(".chart", figure), what = one("summary + .scroll-x", figure).getAttribute("aria-label").split(",")[0];
      tools.append(
        button("SVG", "Save the picture “" + what + "” as SVG", function () { saveSvg(place, name); }),
        button("PNG", "Save the picture “" + what + "” as PNG", function () { savePng(place, name); })
      );
      figure.append(tools);
    } else if (figure) { figure.append(tools); } else { (table.closest(".scroll-x") || table).after(tools); }
    tools.append(button("CSV", "Save the table " + table.dataset.csv + " as CSV", function () {
      hand(name + ".csv", new Blob(["\ufeff" + csv(table)], { type: "text/csv;charset=utf-8" }));
    }));
  });

  /* ---------- long lists: the first rows, and a button for the rest ---------- */
  var opened = new Set();
  function rowsOf(list) { return list.tagName === "TABLE" ? all("tbody > tr", list) : Array.prototype.slice.call(list.children); }
  function fold(list, query) {
    var first = Number(list.dataset.first), hits = 0;
    rowsOf(list).forEach(function (row, place) {
      var hit = !query || row.dataset.find.indexOf(query) >= 0;
      if (hit) hits += 1;
      row.hidden = !hit || (!query && !opened.has(list) && place >= first);
    });
    if (list.more) list.more.hidden = Boolean(query);
    var left = rowsOf(list).filter(function (row) { return row.hidden; }).length, group = list.closest(".group");
    if (group && left) group.dataset.left = left; else if (group) delete group.dataset.left;
    return hits;
  }
  all("[data-first]").forEach(function (list) {
    var rows = rowsOf(list), total = rows.length;
    rows.forEach(function (row) { row.dataset.find = (one("th", row) || row).textContent.toLocaleLowerCase(); });
    if (total > Number(list.dataset.first) + 1) {
      list.more = button("Show all " + total, "Show all " + total + " rows", function () {
        if (opened.has(list)) opened.delete(list); else opened.add(list);
        list.more.textContent = opened.has(list) ? "Show fewer" : "Show all " + total;
        list.more.setAttribute("aria-label", list.more.textContent + " rows");
        fold(list);
      });
      var tools = list.nextElementSibling;
      if (tools && tools.classList.contains("tools")) tools.prepend(list.more);
      else list.after(make("div", { className: "tools" }, [list.more]));
    } else { opened.add(list); }
    fold(list);
  });

  /* ---------- segments: which attributes, in which order, and one by name ---------- */
  var form = one("#choose"), find = one("#find"), rank = one("#rank"), chosen = 0;
  var groups = all(".group").map(function (element) { return { element: element, by: JSON.parse(element.dataset.by), table: one("table", element) }; });
  function show() {
    var query = find.value.trim().toLocaleLowerCase(), hits = 0;
    groups.forEach(function (group, place) {
      var own = fold(group.table, query);
      hits += own;
      group.element.hidden = query ? !own : place !== chosen;
    });
    one("#nothing").hidden = !query || hits > 0;
    return query ? hits : -1;
  }
  function sort(table, key, direction) {
    var body = one("tbody", table);
    var rows = all("tr", body).map(function (row) {
      var cell = one('[data-k="' + key + '"]', row), raw = cell && (cell.dataset.v !== undefined ? cell.dataset.v : cell.textContent.trim());
      return { row: row, few: row.classList.contains("small-n"), value: raw === "" || raw === null ? null : key === "name" ? raw : Number(raw) };
    });
    rows.sort(function (a, b) {
      if (a.few !== b.few) return a.few ? 1 : -1;
      if (a.value === null || b.value === null) return (a.value === null) - (b.value === null);
      return direction * (key === "name" ? a.value.localeCompare(b.value) : a.value - b.value);
    });
    rows.forEach(function (item) { body.append(item.row); });
    all("th[data-key]", table).forEach(function (head) {
      if (head.dataset.key === key) head.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
      else head.removeAttribute("aria-sort");
    });
    table.sorted = key + ":" + direction;
  }
  function choice(name, legend, options, picked, act) {
    var box = make("span", { className: "seg" }), set = make("fieldset", {}, [make("legend", { textContent: legend }), box]);
    options.forEach(function (option) {
      var input = make("input", { type: "radio", name: name, value: option.value, checked: option.value === picked });
      input.addEventListener("change", function () { act(option.value); });
      box.append(make("label", {}, [input, option.text]));
    });
    return set;
  }
  function pick(place) {
    chosen = place;
    find.value = "";
    show();
    say(count(rowsOf(groups[place].table).length, "segment") + " by " + groups[place].by.join(" and "));
  }
  function chooser() {
    function deep(than) { return groups.some(function (group) { return group.by.length > than; }); }
    var flat = groups.length <= 5 || deep(2) || !deep(1);
    if (groups.length < 2) return;
    if (flat) {
      form.prepend(choice("group", "Split by", groups.map(function (group, place) { return { value: String(place), text: group.by.join(" × ") }; }), "0", function (value) { pick(Number(value)); }));
      return;
    }
    var names = Array.from(new Set(groups.flatMap(function (group) { return group.by; })));
    function options(list) { return list.map(function (name) { return { value: name, text: name }; }); }
    function place(a, b) { return groups.findIndex(function (group) { return group.by.length === (b ? 2 : 1) && group.by.indexOf(a) >= 0 && (!b || group.by.indexOf(b) >= 0); }); }
    var first = groups[0].by[0], second = groups[0].by[1] || "";
    function update() {
      all("input", other).forEach(function (input) { input.disabled = input.value === first || place(first, input.value) < 0; });
      if (place(first, second) < 0) second = (all("input:not(:disabled)", other)[0] || { value: "" }).value;
      all("input", other).forEach(function (input) { input.checked = input.value === second; });
    }
    var main = choice("by", "Split by", options(names), first, function (value) { first = value; update(); pick(place(first, second)); });
    var other = choice("and", "and by", [{ value: "", text: "nothing else" }].concat(options(names)), second, function (value) { second = value; pick(place(first, second)); });
    form.prepend(main, other);
    update();
  }
  if (form) {
    chooser();
    form.addEventListener("submit", function (event) { event.preventDefault(); });
    find.addEventListener("input", function () { var hits = show(); say(hits < 0 ? "All segments" : count(hits, "segment") + " found"); });
    rank.addEventListener("change", function () {
      var way = rank.value.split(":");
      groups.forEach(function (group) { sort(group.table, way[0], Number(way[1])); });
      show();
      say("Ranked by " + rank.selectedOptions[0].textContent);
    });
    all("table.sortable th[data-key]").forEach(function (head) {
      var press = make("button", { type: "button", textContent: head.textContent });
      head.replaceChildren(press);
      press.addEventListener("click", function () {
        var table = head.closest("table"), key = head.dataset.key, usual = key === "name" || key === "score" ? 1 : -1;
        sort(table, key, table.sorted === key + ":" + usual ? -usual : usual);
        show();
        say("Sorted by " + press.textContent);
      });
    });
    one("#clear").addEventListener("click", function () { find.value = ""; show(); find.focus(); });
    show();
  }

  /* ---------- "The same as a table" is shut on the screen and open on paper ---------- */
  all("details.same").forEach(function (details) { details.open = false; });
  var reopened = [];
  addEventListener("beforeprint", function () {
    views.forEach(function (view) { view.signal("width", paperWidth).run(); });
    reopened = all("details.same").filter(function (details) { return !details.open; });
    reopened.forEach(function (details) { details.open = true; });
  });
  addEventListener("afterprint", function () {
    reopened.forEach(function (details) { details.open = false; });
    dispatchEvent(new Event("resize")); /* charts fill their boxes again */
  });
  one("#print").addEventListener("click", function () { print(); });

  /* ---------- keyboard ---------- */
  var keys = one("#keys"), single = one("#single");
  function help() { if (keys.open) keys.close(); else keys.showModal(); }
  one("#help").addEventListener("click", help);
  one("#close").addEventListener("click", function () { keys.close(); });
  document.addEventListener("keydown", function (event) {
    var typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== "radio" && event.target.type !== "checkbox";
    if (event.key === "Escape" && event.target === find) { find.value = ""; show(); find.blur(); return; }
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "?") { event.preventDefault(); help(); }
    if (!single.checked || keys.open) return;
    if (event.key === "/" && find) { event.preventDefault(); find.scrollIntoView({ block: "center" }); find.focus(); find.select(); }
    if (event.key === "d") toggleTheme();
  });

  /* ---------- last, the charts: text and tables are there first ---------- */
  phone.addEventListener("change", draw);
  if (window.vegaEmbed) draw();
})();
