"""What every test run needs, that of the notebooks alone included."""

import os

# A progress bar is for those who wait; nbval would compare how far it had come.
os.environ["TQDM_DISABLE"] = "1"
