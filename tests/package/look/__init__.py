"""Style, colours, set-up and tracebacks."""
