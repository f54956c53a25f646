"""What all tests share: how hard hypothesis tries."""

import os

from hypothesis import HealthCheck, settings

# No deadline: a busy machine is no fault of the code. What continuous integration finds can be repeated anywhere.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("house"), derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "house")
