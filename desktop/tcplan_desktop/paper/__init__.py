"""The sheet on paper: one way of drawing for the preview, the printer and the PDF."""
