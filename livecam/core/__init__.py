"""Pure values and functions: values in, values out. No device, no file, no thread, no clock."""
