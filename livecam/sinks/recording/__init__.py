"""Recording: from annotated frames to video files that survive crashes and full disks.

recorder.py tells the way of a frame, step by step.
"""

import av  # after OpenCV: see livecam/sinks/__init__.py

av.logging.set_level(None)
