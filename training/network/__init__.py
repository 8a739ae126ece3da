"""MobileNet v1 in torch and in Keras, and its weights between the two."""
