"""What a class needs besides the lecture; run by `make test-class`, in the environment of the class."""
