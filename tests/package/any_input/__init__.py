"""What any public function may be given, good and bad, and what it must make of it."""
