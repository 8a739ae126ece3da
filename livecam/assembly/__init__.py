"""Opens what the settings name, in order, and joins the parts to the pipeline."""
