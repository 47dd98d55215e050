/* The what-if page at work: its state is here, the server keeps none.
   A moved knob asks for a quick answer, one at a time, always with the latest state; once it
   rests come the settled answer (a run's own figures, prices) and what the next tonne is worth. */
(() => {
  "use strict";
  const SETTLE_MS = 300, TYPING_MS = 400, PATIENCE_MS = 20000, LATER_MS = 300;
  const $ = (id) => document.getElementById(id);
  const data = JSON.parse($("data").textContent);
  const { start, figures: first, designWidth } = data;
  const said = (text, values = {}) => (data.words[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const rows = new Map([...document.querySelectorAll(".knob")].map((row) => [row.dataset.key, row]));
  const plots = new Map([...document.querySelectorAll(".plot")].map((plot) => [plot.dataset.figure, plot]));
  const channels = {}; // functions that take answers, for Dash to call

  // ---- state: what was written into the boxes of knobs that do not rest, by key
  let texts = {};
  const past = [];
  const range = (row) => row.querySelector("input[type=range]");
  const box = (row) => row.querySelector("input[type=text]");
  const isOpen = (row) => row.dataset.rest === ""; // rests without a limit, at the slider's far end
  const textOf = (row, value) => (isOpen(row) && Number(value) >= Number(range(row).max) ? "" : String(Number(value)));
  const show = (row) => {
    const text = texts[row.dataset.key] ?? row.dataset.rest;
    const number = text === "" ? NaN : Number(text.replace("\u2212", "-"));
    if (document.activeElement !== box(row) || box(row).value !== text) box(row).value = text;
    range(row).value = Number.isNaN(number) ? row.dataset.atRest : number;
    range(row).setAttribute("aria-valuetext", `${text || "open"} ${row.querySelector(".unit").textContent}`);
    row.classList.toggle("is-moved", row.dataset.key in texts);
  };
  const showState = () => {
    for (const group of document.querySelectorAll(".knobs details")) {
      const moved = group.querySelectorAll(".is-moved").length;
      group.querySelector(".moved").textContent = moved ? `${moved} moved` : "";
    }
    $("undo").disabled = !past.length;
    $("reset").disabled = !Object.keys(texts).length;
    history.replaceState(null, "", address());
  };
  const address = () => {
    const query = new URLSearchParams(start ? { start } : {});
    for (const [key, text] of Object.entries(texts)) query.set(key, text);
    return query.size ? `?${query}` : location.pathname;
  };
  const move = (row, text, at) => {
    if (text === row.dataset.rest) delete texts[row.dataset.key];
    else texts[row.dataset.key] = text;
    show(row);
    ask(at);
  };
  const replaceAll = (others) => {
    const touched = new Set([...Object.keys(texts), ...Object.keys(others)]);
    texts = { ...others };
    touched.forEach((key) => rows.has(key) && show(rows.get(key)));
    showState();
    ask();
  };
  let before = null; // the state before the gesture that is under way
  const begin = () => { before ??= JSON.stringify(texts); };
  const commit = () => {
    if (before !== null && before !== JSON.stringify(texts)) past.push(JSON.parse(before));
    before = null;
    showState();
  };

  // ---- asking
  let serial = 0, quickAsked = 0, isBusy = false, isStale = false, watch = 0, settleTimer = 0;
  let movedAt = 0, askedAt = 0; // when the state last changed, and when that which is asked for did
  const put = (channel, more = {}) => window.dash_clientside.set_props(`ask-${channel}`, { data: { serial, start, texts, ...more } });
  const ask = (at = performance.now()) => {
    clearTimeout(settleTimer);
    movedAt = at;
    isStale = true;
    if (!isBusy) send();
  };
  const send = () => {
    isBusy = true;
    isStale = false;
    serial += 1;
    quickAsked = serial;
    askedAt = movedAt;
    $("main").setAttribute("aria-busy", "true");
    clearTimeout(watch);
    watch = setTimeout(() => { isBusy = false; say(said("No answer: is solve.py still running?"), true); }, PATIENCE_MS);
    put("quick", { shown: [...inView] });
  };
  const next = () => {
    isBusy = false;
    clearTimeout(watch);
    if (isStale) send();
    else {
      $("main").setAttribute("aria-busy", "false");
      settleTimer = setTimeout(() => put("settled"), SETTLE_MS);
    }
  };
  const isLatest = (answer) => answer.serial === serial && !isStale && !isBusy;

  // ---- answers
  const say = (text, isBad = false) => {
    $("said").textContent = text;
    $("said").classList.toggle("is-bad", isBad);
  };
  const showFaults = (faults = {}) => {
    for (const [key, row] of rows) {
      const fault = faults[key] ?? "";
      const place = row.querySelector(".fault");
      if (place.textContent === fault) continue;
      place.textContent = fault;
      if (fault) { box(row).setAttribute("aria-invalid", "true"); row.closest("details").open = true; } else box(row).removeAttribute("aria-invalid");
    }
  };
  const showTiles = (tiles) => {
    $("tiles").classList.toggle("is-old", !tiles.length);
    if (!tiles.length) return;
    const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });
    $("tiles").replaceChildren(...tiles.map(([name, value, unit, change]) => {
      const tile = document.createElement("div"), figure = document.createElement("dd");
      figure.append(make("b", value), make("span", unit), make("small", change));
      tile.append(make("dt", name), figure);
      return tile;
    }));
  };
  const take = async (answer) => {
    showFaults(answer.faults);
    const isUsable = !answer.faults && !answer.error;
    if (answer.error) say(answer.error, true);
    else if (answer.faults) say(said("One of the figures cannot be used; what is shown is the answer before it."), true);
    else {
      say(answer.said, Boolean(answer.said));
      showTiles(answer.tiles);
      await draw(answer.figures);
    }
    return isUsable;
  };
  channels.quick = async (answer) => {
    if (!answer || answer.serial !== quickAsked) return false;
    const answeredAt = performance.now();
    await take(answer);
    await painted();
    performance.measure("slider to answer", { start: askedAt, end: answeredAt });
    performance.measure("slider to picture", { start: askedAt });
    document.documentElement.dataset.drawn = answer.serial;
    next();
    return true;
  };
  channels.settled = async (answer) => {
    if (!answer || !isLatest(answer)) return false;
    if (!(await take(answer))) return false;
    if (!answer.said) say(answer.proof);
    $("every").replaceChildren(...answer.every.map(([name, value, base]) => {
      const line = document.createElement("tr");
      const cell = (text, tag = "td") => { const made = document.createElement(tag); made.textContent = text; made.className = tag === "td" ? "n" : ""; return made; };
      line.append(cell(name, "th"), cell(value), cell(base ?? ""));
      return line;
    }));
    performance.measure("slider to prices", { start: askedAt });
    document.documentElement.dataset.settled = answer.serial;
    put("worths");
    return true;
  };
  channels.worths = (answer) => {
    if (!answer || !isLatest(answer)) return false;
    if (answer.is_late) { settleTimer = setTimeout(() => put("worths"), LATER_MS); return false; }
    for (const [key, row] of rows) showWorth(row, answer.worths?.[key]);
    document.documentElement.dataset.worths = answer.serial;
    return true;
  };
  const showWorth = (row, worth) => {
    const place = row.querySelector(".worth"), mark = row.querySelector(".until"), slider = range(row);
    place.textContent = worth?.text ?? "";
    place.title = worth?.why ?? "";
    const [low, high] = [Number(slider.min), Number(slider.max)];
    mark.hidden = !(worth?.until != null && worth.until >= low && worth.until <= high);
    // The middle of a slider's thumb runs from half its width to half its width before the end.
    if (!mark.hidden) mark.style.left = `calc(8px + (100% - 16px) * ${(worth.until - low) / (high - low)})`;
  };

  // ---- pictures
  const inView = new Set();
  const shown = new Map(), due = new Map();
  const painted = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 0)));
  // Traces of the start are the same objects ever after, so that what is drawn of them can stay.
  Object.values(first).forEach((figure) => figure?.data.forEach((trace, number) => { trace.drawnAs = `start ${number}`; }));
  const full = (figure, base) => ({
    ...figure,
    data: figure.data.map((trace) => {
      if (typeof trace === "number") return base.data[trace];
      if (!("of" in trace)) return trace;
      const { of, ...changed } = trace;
      return { ...base.data[of], ...changed, drawnAs: `start ${JSON.stringify(trace)}` };
    }),
    layout: { ...base?.layout, ...figure.layout },
  });
  const draw = async (figures) => {
    const waiting = [];
    for (const [name, figure] of Object.entries(figures)) {
      const told = JSON.stringify(figure);
      plots.get(name).closest("figure").classList.toggle("is-old", !figure);
      if (shown.get(name) === told || !figure) continue;
      shown.set(name, told);
      due.set(name, figure);
      if (inView.has(name)) waiting.push(name);
    }
    await Promise.all(waiting.map(drawOne));
    later(drawRest, { timeout: 400 });
  };
  const later = window.requestIdleCallback ?? ((task) => setTimeout(task, 50));
  const drawRest = () => {
    const name = due.keys().next().value;
    if (name === undefined || isBusy) return;
    Promise.resolve(drawOne(name)).then(() => later(drawRest, { timeout: 400 }));
  };
  const drawOne = (name) => {
    const plot = plots.get(name), holder = plot.closest("figure");
    const figure = full(due.get(name), first[name]);
    due.delete(name);
    holder.hidden = false;
    const caption = figure.is_map ? figure.caption : "";
    for (const [part, text] of [["h3", figure.title], ["figcaption", caption]]) {
      if (holder.querySelector(part).textContent !== text) holder.querySelector(part).textContent = text;
    }
    plot.setAttribute("aria-label", figure.alt);
    if (figure.is_map) return drawMap(plot, figure, designWidth, name);
    const layout = { ...figure.layout, width: plot.clientWidth, margin: { ...figure.layout.margin, r: 48 } };
    // A Sankey diagram would take half a second to glide to its new bands: it gets a new canvas.
    if (!plot.firstElementChild || figure.data[0].type === "sankey") plot.replaceChildren(document.createElement("div"));
    return Plotly.react(plot.firstElementChild, figure.data, layout, { displayModeBar: false, doubleClick: false, scrollZoom: false });
  };
  const watchView = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const name = target.querySelector(".plot").dataset.figure;
      if (isIntersecting) { inView.add(name); if (due.has(name)) drawOne(name); } else inView.delete(name);
    }
  });
  addEventListener("resize", () => {
    for (const plot of plots.values()) {
      const canvas = plot.firstElementChild;
      if (canvas?.layout) Plotly.relayout(canvas, { width: plot.clientWidth });
    }
  });

  // ---- hands on
  let typing = 0;
  const knobs = document.querySelector(".knobs");
  knobs.addEventListener("input", ({ target, timeStamp }) => {
    const row = target.closest(".knob");
    if (!row) return;
    begin();
    clearTimeout(typing);
    if (target.type === "range") move(row, textOf(row, target.value), timeStamp);
    else typing = setTimeout(() => move(row, target.value.trim()), TYPING_MS);
  });
  knobs.addEventListener("change", ({ target }) => {
    const row = target.closest(".knob");
    if (!row) return;
    clearTimeout(typing);
    if (target.type === "text") move(row, target.value.trim() || row.dataset.rest);
    commit();
  });
  knobs.addEventListener("keydown", (event) => {
    const row = event.target.closest(".knob");
    if (row && event.key === "Escape") { begin(); move(row, row.dataset.rest); commit(); }
  });
  $("find").addEventListener("input", () => {
    const words = $("find").value.toLowerCase().split(/\s+/).filter(Boolean);
    for (const row of rows.values()) {
      const text = `${row.closest("details").querySelector("h2").textContent} ${row.querySelector("label").textContent}`.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
    }
    for (const group of document.querySelectorAll(".knobs details")) {
      group.hidden = !group.querySelector(".knob:not([hidden])");
      if (words.length && !group.hidden) group.open = true;
    }
  });
  const undo = () => { if (past.length) replaceAll(past.pop()); };
  $("undo").addEventListener("click", undo);
  addEventListener("keydown", (event) => {
    // In a box, what is being typed comes first; once it counts, the page's own undo does.
    const row = event.target.closest?.(".knob");
    const isTyping = row ? event.target.type === "text" && event.target.value !== (texts[row.dataset.key] ?? row.dataset.rest) : event.target.matches?.("input");
    if (event.key === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !isTyping) { event.preventDefault(); undo(); }
  });
  $("reset").addEventListener("click", () => { past.push({ ...texts }); replaceAll({}); });
  $("link").addEventListener("click", async () => {
    const link = new URL(address(), location.href).href;
    try { await navigator.clipboard.writeText(link); $("saved").textContent = said("The link is copied; it restores all that is moved."); } catch { $("saved").textContent = link; }
  });
  $("start").addEventListener("change", () => { location.search = $("start").value ? new URLSearchParams({ start: $("start").value }) : ""; });
  $("save").addEventListener("submit", (event) => {
    event.preventDefault();
    $("save-button").disabled = true;
    $("saved").textContent = said("Saving …");
    put("saved", { title: $("title").value });
  });
  channels.saved = (answer) => {
    if (!answer) return false;
    $("save-button").disabled = false;
    if (answer.error) { $("saved").textContent = said("Not saved: {error}", answer); return true; }
    const report = Object.assign(document.createElement("a"), { href: `/report/${encodeURIComponent(answer.run)}`, target: "_blank", rel: "noopener", textContent: answer.run });
    const again = Object.assign(document.createElement("code"), { textContent: `python solve.py run ${answer.path}/${answer.scenario} --case ${answer.case}` });
    $("saved").replaceChildren(said("Saved as "), report, said("; again: "), again);
    if (![...$("start").options].some((option) => option.value === answer.run)) $("start").append(new Option(answer.run, answer.run));
    return true;
  };

  // ---- beginning
  window.dash_clientside = Object.assign({}, window.dash_clientside, { explore: channels });
  const begun = () => {
    if (!window.dash_clientside.set_props || !$("channels")) return void setTimeout(begun, 20);
    const given = Object.fromEntries([...new URLSearchParams(location.search)].filter(([key]) => rows.has(key)));
    document.documentElement.dataset.ready = "true";
    replaceAll(given);
  };
  for (const [name, figure] of Object.entries(first)) {
    watchView.observe(plots.get(name).closest("figure"));
    if (figure) due.set(name, { ...figure, data: figure.data.map((_, number) => number) });
  }
  for (const row of rows.values()) show(row);
  begun();
})();
