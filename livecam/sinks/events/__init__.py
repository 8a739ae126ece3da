"""The events of `livecam watch` on the disk: their list, their files, what is kept."""
