"""How everything looks: colours, the matplotlib style, the markers of a notebook, and errors shown in short."""
