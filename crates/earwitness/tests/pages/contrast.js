// The texts of the page whose contrast with their ground is below 4.5 (WCAG 2.2, 1.4.3).
const luminance = ([r, g, b]) => {
  const linear = (c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
};
const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
const over = (below, colour) => {
  canvas.fillStyle = `rgb(${below})`;
  canvas.fillRect(0, 0, 1, 1);
  canvas.fillStyle = colour;
  canvas.fillRect(0, 0, 1, 1);
  return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
};
const ground = (element) => {
  if (!element) return [255, 255, 255];
  return over(ground(element.parentElement), getComputedStyle(element).backgroundColor);
};
const faint = [];
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest(".skip, option, svg")) continue;
  const below = ground(element);
  const text = over(below, getComputedStyle(element).color);
  const [a, b] = [luminance(text), luminance(below)].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  if (ratio < 4.5) faint.push(`${walker.currentNode.data.trim().slice(0, 30)}: ${ratio.toFixed(2)}`);
}
return faint;
