"""The microphone: opened by PortAudio, corrected to the program's clock, kept for the recorder."""
