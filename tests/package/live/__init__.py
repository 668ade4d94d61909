"""The live picture on which every explorer is drawn."""
