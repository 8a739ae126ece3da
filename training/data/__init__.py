"""The pictures: decoded photographs and clips, drawn and rendered ones, and crops of them."""
