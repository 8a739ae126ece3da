"""`python -m livecam` is the same as `livecam`."""

import sys

from livecam.cli.app import main

sys.exit(main())
