"""The report: one plain JSON document, and how it looks as HTML, Markdown and JSON."""
