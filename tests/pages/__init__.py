"""What readers see in a browser: slides, and notebooks in JupyterLab."""
