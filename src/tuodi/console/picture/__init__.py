"""Pictures of the console's pages as SVG of our own: whole numbers, widths in per cent, labels as text of the page."""
