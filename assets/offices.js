// The diagram of a city's offices: issues at the left, offices in the middle, joint policies at the right.
import { COLOURS, colourSeries, link, neighbours, variable } from "./charts.js";

const FAINT = 0.12;
const SIDES = ["left", "top", "right"];

export function officesOf(data, chosen, { clientWidth: width, clientHeight: height }) {
  const near = chosen === null ? null : neighbours(data, chosen);
  const lengths = SIDES.map((side, column) => data.nodes.filter((node) => node.column === column).length);
  const room = Math.min(width * 0.26, 260);
  const [top, bottom] = [40, 60];
  // In pixels, so that nothing is stretched; two corners that are not seen keep the scale.
  const [across, down] = [width - 2 * room, height - top - bottom];
  const step = down / Math.max(data.rows - 1, 1);
  // Short columns have more room between their rows, and stand in the middle of the height.
  const steps = lengths.map((length) => Math.min(2 * step, length > 1 ? down / (length - 1) : step));
  const corners = [
    [0, 0],
    [across, down],
  ].map(([x, y]) => ({ id: `corner ${x}`, x, y, symbolSize: 0, silent: true, label: { show: false } }));
  const nodes = data.nodes.map((node, place) => ({
    id: String(place),
    name: node.name,
    x: (node.column * across) / 2,
    y: down / 2 + (node.row - (lengths[node.column] - 1) / 2) * steps[node.column],
    symbol: node.column === 1 ? "roundRect" : "circle",
    symbolSize: node.column === 1 ? 16 : 11,
    itemStyle: {
      color: node.hollow ? variable("--bs-body-bg") : place === chosen ? COLOURS[1] : variable("--accent"),
      borderColor: place === chosen ? COLOURS[1] : variable("--accent"),
      borderWidth: 2,
      opacity: near && !near.has(place) ? FAINT : 1,
    },
    label: {
      show: true,
      position: SIDES[node.column],
      width: node.column === 1 ? width * 0.3 : room - 12,
      opacity: near && !near.has(place) ? 0.35 : 1,
    },
    said: [node.name, node.said].filter(Boolean).join("\n"),
  }));
  const links = data.ties.map(([a, b, , colour, said], place) => ({
    source: String(a),
    target: String(b),
    said,
    place,
    lineStyle: {
      color: COLOURS[colour],
      width: 2,
      // Two offices stand above each other: their line goes round those between them.
      curveness: data.nodes[a].column === data.nodes[b].column ? 0.45 : 0,
      opacity: near && a !== chosen && b !== chosen ? FAINT / 2 : 0.75,
    },
  }));
  return {
    series: [
      ...colourSeries(data, { type: "graph", layout: "none" }),
      {
        id: "graph",
        type: "graph",
        layout: "none",
        roam: false,
        top,
        bottom,
        left: room,
        right: room,
        label: {
          color: variable("--bs-body-color"),
          fontSize: width < 600 ? 11 : 13,
          lineHeight: 15,
          overflow: "break",
          lineOverflow: "truncate",
          height: 32,
          textBorderColor: variable("--bs-body-bg"),
          textBorderWidth: 3,
        },
        data: [...nodes, ...corners],
        links,
      },
    ],
  };
}

// A record that was chosen, as a link to its page, and what it is.
export function recordWords(figure, data, place) {
  const node = data.nodes[place];
  return [link(node.address, node.name), node.said ? `: ${node.said.replace("\n", ", ")}` : ""];
}
