"""What pictures say: their details and how these lie, their pixels, their colours. Pure functions on arrays.

``keypoints`` and ``descriptors`` find details and describe them, ``homography`` says how one picture lies in another,
``likeness`` whether two that lie upon each other are the same, ``colours`` which there are and what mood they make.
"""
