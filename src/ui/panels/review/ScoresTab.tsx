export function ScoresNarrow() {
  return null;
}
export function ScoresWide() {
  return null;
}
