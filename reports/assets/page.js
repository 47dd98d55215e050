/* Pictures, sorting, filtering, copying. Tables are readable without any of it. */
(() => {
  "use strict";
  const root = document.documentElement;
  const data = JSON.parse(document.getElementById("data").textContent);
  const said = (text, values = {}) => (data.words[text] ?? text).replace(/\{(\w+)\}/g, (_, name) => values[name]);
  const PRINT_WIDTH = 690, PRINT_HALF = 336; // A4 less its margins, CSS pixels
  const plots = [...document.querySelectorAll(".plot")];
  let printing = false;

  // ---- small helpers
  const make = (tag, text, attributes = {}) => {
    const element = Object.assign(document.createElement(tag), { textContent: text });
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const button = (text, label, act) => {
    const element = make("button", text, { type: "button", "aria-label": label });
    element.addEventListener("click", act);
    return element;
  };
  const say = (text) => { document.getElementById("said").textContent = text; };
  const save = (name, type, content) => {
    const link = make("a", "", { href: URL.createObjectURL(new Blob([content], { type })), download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  // ---- light and dark
  const prefersDark = matchMedia("(prefers-color-scheme: dark)");
  const isDark = () => !printing &&
    (root.dataset.theme ? root.dataset.theme === "dark" : prefersDark.matches);
  const remember = (theme) => { try { localStorage.setItem("report-theme", theme); } catch { /* a file may not keep anything */ } };
  const recall = () => { try { return localStorage.getItem("report-theme"); } catch { return null; } };
  const themeButton = document.getElementById("theme");
  const showTheme = () => themeButton.setAttribute("aria-pressed", String(isDark()));
  const turn = () => {
    root.dataset.theme = isDark() ? "light" : "dark";
    remember(root.dataset.theme);
    showTheme();
    redraw();
  };
  if (recall()) root.dataset.theme = recall();
  themeButton.addEventListener("click", turn);
  prefersDark.addEventListener("change", () => { showTheme(); redraw(); });
  showTheme();

  // ---- pictures
  const colored = (figure) => {
    const text = JSON.stringify(figure);
    return JSON.parse(isDark() ? text.replace(/#[0-9a-f]{6}/g, (color) => data.dark[color] ?? color) : text);
  };
  // Labels of a map are placed in pixels for one width: every other width scales the whole picture.
  const SIZES = new Set(["size", "width", "height", "ax", "ay", "xshift", "yshift", "standoff", "arrowwidth", "borderwidth", "tracegroupgap"]);
  const scaled = (value, factor, key) => {
    if (typeof value === "number") return SIZES.has(key) ? value * factor : value;
    if (Array.isArray(value)) return SIZES.has(key) || key === null ? value.map((v) => scaled(v, factor, key)) : value.map((v) => (v && typeof v === "object" ? scaled(v, factor, null) : v));
    if (value && typeof value === "object") {
      return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, scaled(v, factor, k)]));
    }
    return value;
  };
  const sized = (figure, width) => {
    if (!figure.isMap) return figure;
    const factor = width / data.designWidth;
    return { data: figure.data.map((trace) => scaled(trace, factor, "trace")), layout: scaled(figure.layout, factor, "layout") };
  };
  const draw = (plot) => {
    if (!window.Plotly) return;
    const width = printing ? (plot.closest(".pair") ? PRINT_HALF : PRINT_WIDTH) : plot.clientWidth;
    if (!width) return;
    const figure = sized(colored(data.figures[plot.dataset.figure]), width);
    figure.layout.width = width;
    window.beforeDraw?.(plot, { ...figure, isMap: data.figures[plot.dataset.figure].isMap }, printing);
    plot.style.minHeight = `${figure.layout.height}px`;
    // A Sankey diagram moves to a new size in half a second, which print does not wait for.
    if (figure.data[0]?.type === "sankey" && plot.classList.contains("drawn")) Plotly.purge(plot);
    if (!plot.classList.contains("drawn")) plot.replaceChildren();
    plot.classList.add("drawn");
    plot.drawnWidth = width;
    Plotly.react(plot, figure.data, figure.layout, { displayModeBar: false, doubleClick: false, scrollZoom: false });
  };
  const redraw = () => plots.filter((plot) => plot.classList.contains("drawn") && (printing || plot.clientWidth)).forEach(draw);
  const drawAll = () => plots.forEach((plot) => { if (!plot.classList.contains("drawn")) draw(plot); });
  const later = window.requestIdleCallback ?? ((task) => setTimeout(task, 30));
  const drawNext = () => {
    const next = plots.find((plot) => !plot.classList.contains("drawn") && plot.clientWidth);
    if (!next) { root.dataset.drawn = "true"; return; }
    draw(next);
    later(drawNext, { timeout: 500 });
  };
  // ---- what is folded: drawn when it is opened, all of it open in print
  const folds = [...document.querySelectorAll("main details")];
  const unfoldButton = document.getElementById("unfold");
  const showFolds = () => {
    const open = folds.every((fold) => fold.open);
    unfoldButton.textContent = said(open ? "Fold all" : "Unfold all");
    unfoldButton.setAttribute("aria-pressed", String(open));
  };
  unfoldButton.hidden = !folds.length;
  unfoldButton.addEventListener("click", () => {
    const open = folds.some((fold) => !fold.open);
    folds.forEach((fold) => { fold.open = open; });
  });
  folds.forEach((fold) => fold.addEventListener("toggle", () => {
    showFolds();
    if (fold.open && !printing && window.Plotly) drawNext();
  }));
  const unfoldFor = (name) => {
    const fold = document.getElementById(decodeURIComponent(name))?.closest("section")?.querySelector("details");
    if (fold) fold.open = true;
  };
  const followHash = () => {
    unfoldFor(location.hash.slice(1));
    document.getElementById(decodeURIComponent(location.hash.slice(1)))?.scrollIntoView();
  };
  addEventListener("hashchange", followHash);
  document.querySelectorAll("nav a").forEach((link) => link.addEventListener("click", () => unfoldFor(link.hash.slice(1))));
  if (location.hash.length > 1) unfoldFor(location.hash.slice(1));

  // A table too wide for the paper is printed smaller; nothing of it is cut.
  const fitTables = () => document.querySelectorAll(".table table").forEach((table) => {
    table.style.zoom = "";
    const room = table.parentElement.clientWidth;
    if (table.scrollWidth > room) table.style.zoom = String(Math.floor(98 * room / table.scrollWidth) / 100);
  });
  let openBefore = [];
  const startPrint = () => {
    if (printing) return;
    printing = true;
    openBefore = folds.filter((fold) => fold.open);
    folds.forEach((fold) => { fold.open = true; });
    drawAll();
    redraw();
    fitTables();
  };
  const endPrint = () => {
    if (!printing) return;
    printing = false;
    folds.forEach((fold) => { fold.open = openBefore.includes(fold); });
    document.querySelectorAll(".table table").forEach((table) => { table.style.zoom = ""; });
    redraw();
  };
  addEventListener("beforeprint", startPrint);
  addEventListener("afterprint", endPrint);
  matchMedia("print").addEventListener("change", (query) => (query.matches ? startPrint() : endPrint()));
  let pending = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(pending);
    pending = requestAnimationFrame(() => plots.filter((p) => p.classList.contains("drawn") && p.clientWidth !== p.drawnWidth && !printing).forEach(draw));
  });

  for (const plot of plots) {
    const figure = plot.closest("figure");
    const title = figure.querySelector("h3").textContent;
    const tools = make("div", "", { class: "tools" });
    for (const format of ["png", "svg"]) {
      tools.append(button(format.toUpperCase(), `Save “${title}” as ${format.toUpperCase()}`, () => {
        draw(plot);
        const size = { width: plot.drawnWidth, height: plot.clientHeight, scale: format === "png" ? 2 : 1 };
        const ground = getComputedStyle(document.body).backgroundColor;
        const content = { data: plot.data, layout: { ...plot.layout, paper_bgcolor: ground } };
        Plotly.downloadImage(content, { format, filename: plot.dataset.figure, ...size })
          .then(() => say(`${title} saved`));
      }));
    }
    figure.querySelector("h3").after(tools);
  }

  // ---- tables
  const value = (cell) => cell.dataset.v ?? cell.textContent.trim();
  const compare = (a, b) => {
    const [x, y] = [Number(a), Number(b)];
    if (a !== "" && b !== "" && !Number.isNaN(x) && !Number.isNaN(y)) return x - y;
    return a.localeCompare(b);
  };
  // Rows stand in groups; of a long table, groups are drawn as the reader scrolls to them.
  const allRows = (table) => [...table.tBodies].flatMap((group) => [...group.rows]);
  const drawRows = (table, box) => {
    const waiting = [...table.tBodies].filter((group) => group.classList.contains("waiting"));
    for (const group of waiting) {
      if (box.scrollTop + 2 * box.clientHeight < box.scrollHeight) return;
      group.classList.remove("waiting");
    }
  };
  const drawAgain = (table) => {
    const box = table.closest(".scroll");
    [...table.tBodies].slice(1).forEach((group) => group.classList.add("waiting"));
    box.scrollTop = 0;
    drawRows(table, box);
  };
  const sortBy = (table, index) => {
    const headers = [...table.tHead.rows[0].cells];
    const header = headers[index];
    const falls = header.getAttribute("aria-sort") === "ascending";
    const rows = allRows(table).map((row) => [value(row.cells[index]), row]);
    rows.sort(([a], [b]) => {
      if (a === "" || b === "") return (a === "") - (b === ""); // blanks stay last
      return falls ? compare(b, a) : compare(a, b);
    });
    const size = table.tBodies[0].rows.length;
    [...table.tBodies].forEach((group, i) => {
      group.append(...rows.slice(i * size, (i + 1) * size).map(([, row]) => row));
    });
    drawAgain(table);
    headers.forEach((other) => other.removeAttribute("aria-sort"));
    header.setAttribute("aria-sort", falls ? "descending" : "ascending");
    say(said(falls ? "Sorted by {column}, descending" : "Sorted by {column}, ascending", { column: header.textContent }));
  };
  const csv = (table) => {
    const quote = (text) => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    // A cell that a spreadsheet would take for a formula is kept a text.
    const safe = (text) => (/^[=+@\t\r]/.test(text) || (/^-/.test(text) && Number.isNaN(Number(text))) ? `'${text}` : text);
    return [...table.rows].filter((row) => !row.hidden)
      .map((row) => [...row.cells].map((cell) => quote(safe(value(cell)))).join(",")).join("\r\n") + "\r\n";
  };
  const copy = async (text) => {
    try { await navigator.clipboard.writeText(text); } catch {
      const area = make("textarea", text);
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  for (const holder of document.querySelectorAll(".table")) {
    const table = holder.querySelector("table");
    const title = table.caption.textContent;
    [...table.tHead.rows[0].cells].forEach((header, index) => {
      const text = header.textContent;
      const act = make("button", text, { type: "button" });
      act.addEventListener("click", () => sortBy(table, index));
      header.replaceChildren(act);
    });
    const tools = make("div", "", { class: "tools" });
    const count = make("output", "");
    if (table.tBodies[0].rows.length > 8) {
      const field = make("input", "", { type: "search", placeholder: said("Filter rows"), "aria-label": said("Filter rows of {table}", { table: title }) });
      field.addEventListener("input", () => {
        const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
        const rows = allRows(table);
        for (const row of rows) {
          const text = row.textContent.toLowerCase();
          row.hidden = !words.every((word) => text.includes(word));
        }
        drawAgain(table);
        tell();
      });
      tools.append(field);
    }
    tools.append(count);
    const box = table.closest(".scroll");
    const all = allRows(table);
    // How much of the table is in view, and whether it goes on to the right.
    const tell = () => {
      if (!box.clientHeight) return;
      const found = all.filter((row) => !row.hidden).length;
      const from = box.scrollTop + table.tHead.offsetHeight, to = box.scrollTop + box.clientHeight;
      const isWhole = table.offsetHeight <= box.clientHeight + 1;
      const seen = isWhole ? found : all.filter((row) => !row.hidden && row.offsetTop + row.offsetHeight / 2 > from && row.offsetTop + row.offsetHeight / 2 < to).length;
      const rows = all.length === 1 ? "1 row" : seen === all.length ? `${seen} rows` : `${seen} of ${all.length} rows`;
      const isMore = box.scrollLeft + box.clientWidth < box.scrollWidth - 2;
      count.textContent = rows + (isWhole ? "" : ", scroll for more") + (isMore ? "; columns go on to the right \u2192" : "");
      box.classList.toggle("more", isMore);
    };
    let telling = 0;
    const tellSoon = () => { cancelAnimationFrame(telling); telling = requestAnimationFrame(tell); };
    box.addEventListener("scroll", tellSoon, { passive: true });
    new ResizeObserver(tellSoon).observe(box);
    tools.append(
      button(said("Copy"), said("Copy {table} as CSV", { table: title }), () => copy(csv(table)).then(() => say(said("{table} copied", { table: title })))),
      button("CSV", said("Save {table} as CSV", { table: title }), () => save(`${holder.id.slice(2)}.csv`, "text/csv", "\ufeff" + csv(table))),
    );
    holder.prepend(tools);
    if (table.tBodies.length > 1) {
      box.addEventListener("scroll", () => drawRows(table, box), { passive: true });
      new IntersectionObserver(() => drawRows(table, box)).observe(box);
    }
  }

  // ---- where the reader is
  const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
  const watch = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      links.forEach((link) => link.removeAttribute("aria-current"));
      links.get(target.id)?.setAttribute("aria-current", "true");
    }
  }, { rootMargin: "-20% 0px -70% 0px" });
  document.querySelectorAll("section").forEach((part) => watch.observe(part));

  // ---- all pictures at once, for the program that saves them: see reports/pictures.py
  const collect = async () => {
    const pictures = {};
    for (const plot of plots) {
      const { data: traces, layout } = sized(data.figures[plot.dataset.figure], data.designWidth);
      const size = { width: data.designWidth, height: layout.height };
      const content = { data: traces, layout: { ...layout, paper_bgcolor: "#ffffff" } };
      pictures[plot.dataset.figure] = {
        svg: await Plotly.toImage(content, { format: "svg", imageDataOnly: true, ...size }),
        png: await Plotly.toImage(content, { format: "png", imageDataOnly: true, scale: 2, ...size }),
      };
    }
    document.body.replaceChildren(make("pre", JSON.stringify(pictures), { id: "pictures" }));
  };

  // ---- the drawing script, which the page carries compressed
  const packed = document.getElementById("plotly");
  const unpack = async () => {
    const bytes = Uint8Array.from(atob(packed.textContent), (character) => character.charCodeAt(0));
    const unpacked = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    document.head.append(make("script", await new Response(unpacked).text()));
    packed.remove();
  };
  const drawPictures = async () => {
    await unpack();
    if (location.hash === "#pictures") collect();
    else drawNext();
  };
  if (packed && window.DecompressionStream) drawPictures();
  else {
    if (packed) document.getElementById("main").prepend(make("p", said("This browser cannot unpack the drawing script, so pictures are described in words. Browsers from 2023 on draw them."), { class: "note" }));
    root.dataset.drawn = "true";
  }
})();
