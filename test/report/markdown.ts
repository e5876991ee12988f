/** table is a table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map((cell) => cell.replaceAll('|', String.raw`\|`)).join(' | ')} |`,
  );
  return lines.join('\n');
}

/** seconds writes a number of them; `-` where there was nothing to measure. */
export function seconds(value: number, digits = 1): string {
  return Number.isFinite(value) ? value.toFixed(digits) : '-';
}

/** milliseconds writes a whole number of them; `-` where there was nothing to measure. */
export function milliseconds(value: number): string {
  return seconds(value, 0);
}
