// Draws graphs and maps of ties on a canvas. Fetched only by pages that show one, once it is in sight.
import { GraphChart, LinesChart, ScatterChart } from "echarts/charts";
import { GeoComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { feature } from "topojson-client";
import { officesOf, recordWords } from "./offices.js";

echarts.use([GraphChart, LinesChart, ScatterChart, GeoComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

// Seven that stay apart for most eyes, on white and on black (Okabe and Ito), and grey for what is rarer.
export const COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#b58900", "#56b4e9", "#8c6bb1", "#8a949c"];
const NAMED = 14;
const FAINT = 0.06;
const dark = matchMedia("(prefers-color-scheme: dark)");

let say;

// `say` gives a text in the language of the page.
export async function draw(figure, words) {
  say = words;
  const said = figure.querySelector(".chart-said");
  const [data, world] = await Promise.all([
    fetchJson(figure.dataset.source),
    figure.dataset.chart === "map" ? fetchJson(figure.dataset.world) : null,
  ]).catch(() => []);
  if (!data) {
    said.textContent = say("not_drawn");
    return;
  }
  if (world) echarts.registerMap("world", feature(world, world.objects.countries));
  const canvas = figure.querySelector(".chart-canvas");
  const chart = echarts.init(canvas, null, { renderer: "canvas" });
  // On a phone: smaller cities, fewer names.
  data.scale = Math.min(1, 0.3 + canvas.clientWidth / 1200);
  const make = { map: mapOf, graph: graphOf, offices: officesOf }[figure.dataset.chart];
  const show = (chosen) => chart.setOption({ ...common(data), ...make(data, chosen, canvas) }, { replaceMerge: ["series"] });
  show(null);
  new ResizeObserver(() => {
    chart.resize();
    if (data.nodes) show(null);
  }).observe(canvas);
  dark.addEventListener("change", () => show(null));
  listen(chart, figure, data, show);
  figure.dataset.drawn = "true";
}

async function fetchJson(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(answer.statusText);
  return answer.json();
}

export function variable(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function common(data) {
  const text = variable("--bs-body-color");
  return {
    animation: false,
    color: COLOURS,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
    // HTML tooltips would set styles in line, which the content security policy forbids.
    tooltip: {
      renderMode: "richText",
      confine: true,
      backgroundColor: variable("--bs-body-bg"),
      borderColor: variable("--bs-border-color"),
      textStyle: { color: text, fontSize: 13 },
      formatter: ({ data: item }) => (item && item.said) || "",
    },
    legend: {
      type: "plain",
      bottom: 0,
      itemHeight: 8,
      itemWidth: 16,
      selectedMode: false,
      textStyle: { color: text },
      data: data.colours.map((name) => ({ name, icon: "rect" })),
    },
  };
}

// A legend names series: one without data for each colour.
export function colourSeries(data, base) {
  return data.colours.map((name, place) => ({ ...base, name, itemStyle: { color: COLOURS[place] }, data: [] }));
}

function sayCity(city) {
  return `${city.name}, ${city.country}\n${say("tied_cities", { number: city.degree })}`;
}

function sayTie(data, [a, b, weight, colour]) {
  const proofs = say("proofs", { number: weight });
  return `${data.cities[a].name} – ${data.cities[b].name}\n${proofs}; ${data.colours[colour]}`;
}

export function neighbours(data, chosen) {
  const near = new Set([chosen]);
  for (const [a, b] of data.ties) {
    if (a === chosen) near.add(b);
    if (b === chosen) near.add(a);
  }
  return near;
}

function width(weight) {
  return Math.min(1 + Math.log2(weight), 6);
}

function graphOf(data, chosen) {
  const near = chosen === null ? null : neighbours(data, chosen);
  const text = variable("--bs-body-color");
  const opacity = data.ties.length > 1500 ? 0.25 : 0.5;
  const nodes = data.cities.map((city, place) => {
    const far = near && !near.has(place);
    const named = near ? near.has(place) && near.size <= 60 : place < NAMED * data.scale ** 2 || city.slug === data.centre;
    return {
      id: String(place),
      name: city.name,
      x: city.at[0] * 500,
      y: city.at[1] * 400,
      symbolSize: data.scale * Math.min(5 + 2.2 * Math.sqrt(city.degree), 40),
      itemStyle: {
        color: city.slug === data.centre || place === chosen ? COLOURS[1] : variable("--accent"),
        opacity: far ? FAINT : 1,
      },
      label: { show: named && !far },
      said: sayCity(city),
    };
  });
  const links = data.ties.map((tie, place) => ({
    source: String(tie[0]),
    target: String(tie[1]),
    place,
    said: sayTie(data, tie),
    lineStyle: {
      color: COLOURS[tie[3]],
      width: width(tie[2]),
      opacity: near && tie[0] !== chosen && tie[1] !== chosen ? FAINT / 3 : near ? 0.8 : opacity,
    },
  }));
  return {
    series: [
      ...colourSeries(data, { type: "graph", layout: "none" }),
      {
        id: "graph",
        type: "graph",
        layout: "none",
        roam: true,
        draggable: true,
        top: 12,
        bottom: 56,
        left: 30,
        right: 30,
        preserveAspect: "contain",
        scaleLimit: { min: 0.5, max: 12 },
        label: { position: "right", color: text, fontSize: 12, textBorderColor: variable("--bs-body-bg"), textBorderWidth: 3 },
        labelLayout: { hideOverlap: true },
        emphasis: { label: { show: true }, scale: 1.2 },
        data: nodes,
        links,
      },
    ],
  };
}

function mapOf(data, chosen) {
  const near = chosen === null ? null : neighbours(data, chosen);
  const placed = data.cities.map((city, place) => ({ city, place })).filter(({ city }) => city.place);
  const opacity = data.ties.length > 1500 ? 0.12 : 0.4;
  return {
    geo: {
      map: "world",
      roam: true,
      boundingCoords: bounds(placed.map(({ city }) => city.place)),
      top: 8,
      bottom: 56,
      left: 8,
      right: 8,
      scaleLimit: { min: 0.3, max: 30 },
      silent: true,
      itemStyle: { areaColor: variable("--surface"), borderColor: variable("--bs-border-color"), borderWidth: 0.6 },
    },
    series: [
      ...colourSeries(data, { type: "lines", coordinateSystem: "geo" }),
      {
        id: "ties",
        type: "lines",
        coordinateSystem: "geo",
        lineStyle: { curveness: 0.2 },
        data: data.ties
          .map((tie, place) => ({ tie, place }))
          .filter(({ tie: [a, b] }) => data.cities[a].place && data.cities[b].place)
          .map(({ tie, place }) => ({
            coords: [data.cities[tie[0]].place, data.cities[tie[1]].place],
            place,
            said: sayTie(data, tie),
            lineStyle: {
              color: COLOURS[tie[3]],
              width: width(tie[2]),
              curveness: 0.2,
              opacity: near && tie[0] !== chosen && tie[1] !== chosen ? 0 : near ? 0.8 : opacity,
            },
          })),
      },
      {
        id: "cities",
        type: "scatter",
        coordinateSystem: "geo",
        data: placed.map(({ city, place }) => ({
          value: city.place,
          city: place,
          said: sayCity(city),
          symbolSize: Math.min(4 + Math.sqrt(city.degree), 18),
          itemStyle: {
            color: place === chosen ? COLOURS[1] : variable("--accent"),
            opacity: near && !near.has(place) ? 0.15 : 0.95,
            borderColor: variable("--bs-body-bg"),
            borderWidth: 0.7,
          },
        })),
      },
    ],
  };
}

// The part of the world that the cities lie in, with some room around it.
function bounds(places) {
  if (!places.length) return undefined;
  const [longitudes, latitudes] = [0, 1].map((axis) => places.map((place) => place[axis]));
  const room = 6;
  return [
    [Math.max(Math.min(...longitudes) - room, -180), Math.min(Math.max(...latitudes) + room, 84)],
    [Math.min(Math.max(...longitudes) + room, 180), Math.max(Math.min(...latitudes) - room, -58)],
  ];
}

function listen(chart, figure, data, show) {
  const said = figure.querySelector(".chart-said");
  let chosen = null;
  const wordsOf = data.nodes ? recordWords : cityWords;
  const choose = (place) => {
    chosen = place === chosen ? null : place;
    show(chosen);
    said.replaceChildren(...(chosen === null ? [] : wordsOf(figure, data, chosen)));
  };
  chart.on("click", ({ dataType, seriesId, data: item, dataIndex }) => {
    if (dataType === "node") choose(dataIndex);
    else if (seriesId === "cities") choose(item.city);
    else if (item && item.place !== undefined) said.replaceChildren(...(data.nodes ? [item.said] : tieWords(figure, data, data.ties[item.place])));
  });
  chart.getZr().on("click", ({ target }) => {
    if (!target && chosen !== null) choose(chosen);
  });
}

export function link(address, words) {
  const anchor = document.createElement("a");
  anchor.href = address;
  anchor.textContent = words;
  return anchor;
}

function cityWords(figure, data, place) {
  const city = data.cities[place];
  const number = neighbours(data, place).size - 1;
  return [
    link(`${figure.dataset.cities}${city.slug}/`, city.name),
    `, ${city.country}: ${say("neighbours", { number })}`,
  ];
}

function tieWords(figure, data, [a, b, weight]) {
  const [one, other] = [data.cities[a], data.cities[b]];
  return [
    `${say("pair", { one: one.name, other: other.name })}, ${say("proofs", { number: weight })}: `,
    link(`${figure.dataset.ties}${one.slug}/${other.slug}/${figure.dataset.question}`, say("evidence")),
  ];
}
