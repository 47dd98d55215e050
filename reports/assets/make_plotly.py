"""Make plotly.min.js.gz: plotly.js cut to the traces that the pictures use, compressed.

Run by hand, where Node and npm are installed, for another version of plotly.js or another trace:

    python -m reports.assets.make_plotly

The whole library is three times as large; a page carries this one, so that it stays small and
draws its first picture soon. plotly.js is under the MIT licence; its notice stays in the script.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import tempfile
from pathlib import Path

TARGET = Path(__file__).parent / "plotly.min.js.gz"
TRACES = ("bar", "box", "heatmap", "sankey", "waterfall")  # scatter is always in it
PACKAGES = {
    "plotly.js": "4.1.1",
    "esbuild": "0.28.2",
    "esbuild-plugin-environment": "0.5.0",
    "esbuild-plugin-glsl": "1.4.2",
    "esbuild-plugin-inline-css": "0.0.1",
    "stream-browserify": "3.0.0",
}
ENTRY = """
const Plotly = require("plotly.js/lib/core");
Plotly.register([{traces}]);
module.exports = Plotly;
"""
BUILD = """
const { environmentPlugin } = require("esbuild-plugin-environment");
const { glsl } = require("esbuild-plugin-glsl");
const inlineCss = require("esbuild-plugin-inline-css");
require("esbuild").build({
  entryPoints: ["entry.js"], outfile: "plotly.min.js", bundle: true, minify: true,
  format: "iife", globalName: "Plotly", target: "es2020",
  plugins: [inlineCss(), glsl({ minify: true }), environmentPlugin({ NODE_DEBUG: false })],
  alias: { regl: "@plotly/regl", stream: "stream-browserify" },
  define: { global: "window", "define.amd": "false" },
  banner: { js: "/* plotly.js VERSION, cut. Copyright Plotly, Inc. MIT licence. */" },
});
"""


def main() -> None:
    """Build the script and write it compressed."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        traces = ", ".join(f'require("plotly.js/lib/{trace}")' for trace in TRACES)
        (folder / "package.json").write_text(json.dumps({"dependencies": PACKAGES}))
        (folder / "entry.js").write_text(ENTRY.format(traces=traces))
        (folder / "build.js").write_text(BUILD.replace("VERSION", PACKAGES["plotly.js"]))
        subprocess.run(["npm", "install", "--no-audit", "--no-fund"], cwd=folder, check=True)
        subprocess.run(["node", "build.js"], cwd=folder, check=True)
        TARGET.write_bytes(gzip.compress((folder / "plotly.min.js").read_bytes(), 9, mtime=0))


if __name__ == "__main__":
    main()
