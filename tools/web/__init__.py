"""What the web edition and the slides share: pages made of notebooks that have run, which need no kernel."""
