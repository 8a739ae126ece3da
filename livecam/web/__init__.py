"""The same picture in a browser: a page and an API beside the loop. Needs `livecam[web]`.

The loop meets it in one place only, the Hub; everything else runs in the server's own thread.
"""
