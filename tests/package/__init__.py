"""The package, topic by topic: numbers against closed forms and against torch, drawings by their artists."""
