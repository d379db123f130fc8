"""The graph as a picture: SVG, DOT, mermaid, PNG, pages and animations."""
