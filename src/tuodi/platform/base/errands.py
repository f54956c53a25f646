"""The errands that this room runs."""

from tuodi.platform.base import resealing

ERRANDS = {resealing.TOPIC: resealing.run}
