/* Maps: closer and back, moved by dragging while closer, layers shown or not. */
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = data.mapWords, STEP = 1.6;
  const make = (tag, text, attributes = {}) => {
    const element = Object.assign(document.createElement(tag), { textContent: text });
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  };
  const whole = (plot) => {
    const { xaxis, yaxis } = data.figures[plot.dataset.figure].layout;
    return { x: xaxis.range, y: yaxis.range };
  };
  const around = ([from, to], factor) => {
    const middle = (from + to) / 2, half = (to - from) / 2 / factor;
    return [middle - half, middle + half];
  };
  const show = (plot) => {
    if (!plot.classList.contains("drawn")) return;
    const { x, y } = plot.view ?? whole(plot), isCloser = Boolean(plot.view);
    Plotly.relayout(plot, {
      "xaxis.range": [...x], "yaxis.range": [...y], dragmode: isCloser ? "pan" : false,
      "xaxis.fixedrange": !isCloser, "yaxis.fixedrange": !isCloser,
    });
  };
  const zoom = (plot, factor) => {
    const { x, y } = plot.view ?? whole(plot), all = whole(plot);
    const closer = { x: around(x, factor), y: around(y, factor) };
    const isWhole = closer.x[1] - closer.x[0] >= (all.x[1] - all.x[0]) * 0.999;
    plot.view = isWhole ? null : closer;
    if (!plot.follows) {
      plot.follows = true;
      plot.on("plotly_relayout", (change) => {
        if (!plot.view || !("xaxis.range[0]" in change)) return;
        plot.view = { x: plot.layout.xaxis.range.slice(), y: plot.layout.yaxis.range.slice() };
      });
    }
    show(plot);
  };
  // What a picture is drawn with: its layers that are shown, and its part that is in view.
  window.beforeDraw = (plot, figure, printing) => {
    if (!figure.isMap) return;
    for (const trace of figure.data) if (plot.hiddenLayers?.has(trace.meta)) trace.visible = false;
    if (!plot.view || printing) return;
    const { xaxis, yaxis } = figure.layout;
    Object.assign(xaxis, { range: [...plot.view.x], fixedrange: false });
    Object.assign(yaxis, { range: [...plot.view.y], fixedrange: false });
    figure.layout.dragmode = "pan";
  };
  const layerBox = (plot, layer, indices) => {
    const label = make("label", ""), box = make("input", "", { type: "checkbox" });
    box.checked = true;
    label.append(box, ` ${layer}`);
    box.addEventListener("change", () => {
      plot.hiddenLayers ??= new Set();
      if (box.checked) plot.hiddenLayers.delete(layer); else plot.hiddenLayers.add(layer);
      if (plot.classList.contains("drawn")) Plotly.restyle(plot, { visible: box.checked }, indices);
    });
    return label;
  };
  for (const plot of document.querySelectorAll(".plot")) {
    const figure = data.figures[plot.dataset.figure];
    if (!figure.isMap) continue;
    const heading = plot.closest("figure").querySelector("h3"), layers = new Map();
    figure.data.forEach((trace, index) => {
      if (trace.meta) layers.set(trace.meta, [...(layers.get(trace.meta) ?? []), index]);
    });
    const tools = make("div", "", { class: "tools map" });
    if (layers.size > 1) tools.append(...[...layers].map(([layer, indices]) => layerBox(plot, layer, indices)));
    for (const [sign, word, act] of [
      ["+", words.closer, () => zoom(plot, STEP)],
      ["−", words.farther, () => zoom(plot, 1 / STEP)],
      [words.whole, words.whole, () => { plot.view = null; show(plot); }],
    ]) {
      const button = make("button", sign, { type: "button", "aria-label": `${word}: ${heading.textContent}` });
      button.addEventListener("click", act);
      tools.append(button);
    }
    heading.after(tools);
  }
})();
