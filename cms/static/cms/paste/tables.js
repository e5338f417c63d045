// The cells of a pasted table: a merged cell is repeated in each place that it covers. Used by read.js.
(() => {
  const WIDEST = 60; // cells of a row

  const cover = (grid, cell, row) => {
    let column = 0;
    while (grid[row][column]) column += 1;
    const height = cell.rowSpan || grid.length;
    for (let down = row; down < Math.min(row + height, grid.length); down += 1) {
      for (let right = column; right < Math.min(column + cell.colSpan, WIDEST); right += 1) grid[down][right] = cell;
    }
  };

  // [[cell]]; a place that no cell covers is undefined.
  const gridOf = (table) => {
    const grid = [...table.rows].map(() => []);
    [...table.rows].forEach((row, at) => [...row.cells].slice(0, WIDEST).forEach((cell) => cover(grid, cell, at)));
    return grid.filter((row) => row.length).map((row) => Array.from(row));
  };

  // As Wagtail's table field names it: row, column, both, or '' where the pasted table does not say.
  const headerOf = (grid) => {
    const isHead = (cell) => cell && (cell.tagName === 'TH' || cell.closest('thead'));
    const row = grid[0].every(isHead);
    const column = grid.length > 1 && grid.slice(1).every(([first]) => first?.tagName === 'TH');
    return row && column ? 'both' : (row && 'row') || (column && 'column') || '';
  };

  window.vettedPaste = { ...window.vettedPaste, tables: { gridOf, headerOf } };
})();
