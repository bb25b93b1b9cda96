"""TinyVerify: from a trained policy to a proved int8 program on an Arm Cortex-M55.

One way through the house: artifact -> obligation -> engine -> result -> renderer.
"""

__version__ = "0.1.0"
