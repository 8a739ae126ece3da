"""Where the edges meet: opens what the settings name, in order, and checks it first."""
