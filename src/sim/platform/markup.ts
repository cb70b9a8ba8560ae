import { renderSVG } from 'uqr';

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The code as an SVG element. */
export function qrImage(text: string): string {
  return renderSVG(text, { border: 2, pixelSize: 6 });
}
