/* Draws a map from its figure in plotly's terms, as SVG: plotly takes some 60 ms for one, which is
   the whole time that an answer may take. Here, a part that is the same as before is not touched.
   What the report's maps use is known: areas, lines and markers of `scatter`, labels, a legend. */
window.drawMap = (() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElementNS(SVG, tag);
    for (const [key, value] of Object.entries(attributes)) if (value != null) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  const at = (values, index) => (Array.isArray(values) ? values[index] : values);
  const words = (text) => new DOMParser().parseFromString(text, "text/html").body; // plotly's text reads a few tags

  // Symbols within a circle of radius r, as plotly draws them
  const SYMBOLS = {
    circle: (r) => `M${r},0A${r},${r} 0 1,1 0,${-r}A${r},${r} 0 0,1 ${r},0Z`,
    diamond: (r) => `M${r * 1.3},0L0,${r * 1.3}L${-r * 1.3},0L0,${-r * 1.3}Z`,
    "triangle-up": (r) => { const side = (r * 2) / Math.sqrt(3); return `M${-side},${r / 2}H${side}L0,${-r}Z`; },
  };
  const symbol = (marker, index, place) => {
    const turned = at(marker.angle ?? 0, index);
    return make("path", {
      d: (SYMBOLS[at(marker.symbol ?? "circle", index)] ?? SYMBOLS.circle)(at(marker.size, index) / 2),
      transform: `translate(${place})${turned ? `rotate(${turned})` : ""}`,
      fill: at(marker.color, index), stroke: marker.line?.color, "stroke-width": marker.line?.width, opacity: marker.opacity,
    });
  };

  const hatchOf = (svg, { fillcolor, fillpattern: { fgcolor, size } }) => {
    const id = `hatch-${svg.id}-${`${fillcolor}${fgcolor}`.replaceAll("#", "")}`;
    if (!document.getElementById(id)) {
      svg.querySelector("defs").append(make("pattern", { id, width: size, height: size, patternUnits: "userSpaceOnUse" },
        make("rect", { width: size, height: size, fill: fillcolor }),
        make("path", { d: `M-1,1l2,-2M0,${size}L${size},0M${size - 1},${size + 1}l2,-2`, stroke: fgcolor, "stroke-width": size / 4, "stroke-opacity": 0.5 })));
    }
    return `url(#${id})`;
  };
  const fillOf = (svg, trace) => (trace.fill !== "toself" ? "none" : trace.fillpattern ? hatchOf(svg, trace) : trace.fillcolor);
  const dashOf = (dash) => (!dash || dash === "solid" ? null : dash.replaceAll("px", ""));

  const drawTrace = (svg, trace, pixel) => {
    if (trace.x[0] === null) return make("g"); // an entry of the legend alone
    if (trace.mode === "lines") {
      let path = "", begins = true;
      trace.x.forEach((x, index) => {
        if (x === null) { begins = true; return; }
        path += `${begins ? "M" : "L"}${pixel(x, trace.y[index])}`;
        begins = false;
      });
      const line = make("path", {
        d: path, fill: fillOf(svg, trace), stroke: trace.line.color, "stroke-width": trace.line.width,
        "stroke-dasharray": dashOf(trace.line.dash), "stroke-linejoin": "round", opacity: trace.opacity,
      });
      if (typeof trace.text === "string") line.append(make("title", {}, words(trace.text.replaceAll("<br>", "\n")).textContent));
      return line;
    }
    return make("g", {}, ...trace.x.map((x, index) => {
      const mark = symbol(trace.marker, index, pixel(x, trace.y[index]));
      if (trace.text) mark.append(make("title", {}, words(at(trace.text, index).replaceAll("<br>", "\n")).textContent));
      return mark;
    }));
  };

  const drawLabel = (label, pixel) => {
    const [px, py] = pixel(label.x, label.y);
    const [dx, dy] = label.showarrow ? [label.ax, label.ay] : [label.xshift ?? 0, -(label.yshift ?? 0)];
    const { size, color, shadow } = label.font;
    const lines = label.text.split("<br>");
    const text = make("text", { "text-anchor": "middle", "font-size": size, fill: color });
    text.style.textShadow = shadow;
    lines.forEach((line, index) => {
      const y = py + dy + (index - (lines.length - 1) / 2) * size * 1.3 + size * 0.35;
      text.append(make("tspan", { x: px + dx, y, "font-weight": line.startsWith("<b>") ? 700 : null }, words(line).textContent));
    });
    const leader = label.showarrow ? [make("path", { d: `M${px},${py}L${px + dx},${py + dy + (dy < 0 ? 1 : -1) * lines.length * size * 0.65}`, stroke: label.arrowcolor, "stroke-width": label.arrowwidth })] : [];
    return make("g", {}, ...leader, text);
  };

  const LEGEND_LINE = 18, SWATCH = 30, LEFT = 10;
  const drawLegend = (svg, traces, layout) => {
    const entries = traces.filter((trace) => trace.showlegend);
    if (layout.showlegend === false || !entries.length) return make("g");
    const { bgcolor, bordercolor, borderwidth, font } = layout.legend;
    const height = entries.length * LEGEND_LINE + 10, top = layout.height - height - LEFT;
    const width = SWATCH + 24 + Math.max(...entries.map((entry) => entry.name.length)) * font.size * 0.56;
    return make("g", {}, make("rect", { x: LEFT, y: top, width, height, fill: bgcolor, stroke: bordercolor, "stroke-width": borderwidth }),
      ...entries.map((entry, index) => {
        const y = top + 5 + (index + 0.5) * LEGEND_LINE, middle = LEFT + 6 + SWATCH / 2;
        const sign = entry.mode === "markers" ? symbol({ ...entry.marker, size: at(entry.marker.size, 0) }, 0, [middle, y])
          : entry.fill === "toself" ? make("rect", { x: middle - SWATCH / 2, y: y - 5, width: SWATCH, height: 10, fill: fillOf(svg, entry), stroke: entry.line.color, "stroke-width": entry.line.width })
            : make("path", { d: `M${middle - SWATCH / 2},${y}h${SWATCH}`, stroke: entry.line.color, "stroke-width": entry.line.width, "stroke-dasharray": dashOf(entry.line.dash) });
        return make("g", {}, sign, make("text", { x: LEFT + 12 + SWATCH, y: y + font.size * 0.35, "font-size": font.size, fill: layout.font.color }, entry.name));
      }));
  };

  /* Draw into `place`, which remembers parts by what they were made of. */
  return (place, { data, layout }, width, name) => {
    const [west, east] = layout.xaxis.range, [south, north] = layout.yaxis.range, { height } = layout;
    const pixel = (x, y) => [Math.round(((x - west) / (east - west)) * width * 100) / 100, Math.round(((north - y) / (north - south)) * height * 100) / 100];
    let svg = place.querySelector("svg");
    if (!svg) {
      svg = make("svg", { id: `map-${name}`, viewBox: `0 0 ${width} ${height}`, "font-family": layout.font.family }, make("defs"));
      svg.append(make("rect", { width, height, fill: layout.plot_bgcolor }));
      place.replaceChildren(svg);
      place.parts = new Map();
    }
    const parts = new Map();
    const keep = (source, draw) => {
      const key = typeof source === "string" ? source : source.drawnAs ?? JSON.stringify(source);
      let part = place.parts.get(key) ?? parts.get(key) ?? draw();
      if (parts.has(key)) part = part.cloneNode(true);
      parts.set(key, part);
      return part;
    };
    const drawn = [
      ...data.map((trace) => keep(trace, () => drawTrace(svg, trace, pixel))),
      ...(layout.annotations ?? []).map((label) => keep(label, () => drawLabel(label, pixel))),
      keep(`legend ${JSON.stringify(data.filter((trace) => trace.showlegend).map(({ name: entry, line }) => [entry, line]))}`, () => drawLegend(svg, data, layout)),
    ];
    // Put the parts in order, moving only those that are not in place.
    let next = svg.children[2] ?? null;
    const wanted = new Set(drawn);
    while (next && !wanted.has(next)) { const gone = next; next = next.nextElementSibling; gone.remove(); }
    for (const part of drawn) {
      if (part === next) next = next.nextElementSibling; else svg.insertBefore(part, next);
      while (next && !wanted.has(next)) { const gone = next; next = next.nextElementSibling; gone.remove(); }
    }
    place.parts = parts;
  };
})();
