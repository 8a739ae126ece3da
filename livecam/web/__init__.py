"""The web page: the live picture and an HTTP API beside the processing loop. Needs `livecam[web]`.

The loop uses `web_screen.WebScreen`; frames and events pass through `streaming.frame_hub.FrameHub`.
Everything else runs in the server's own thread.
"""
