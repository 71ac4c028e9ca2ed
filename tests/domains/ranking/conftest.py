"""How the properties of this folder run: without a limit on one example's time.

A slow machine is no broken law: Hypothesis's own 200 ms an example fail where a shared machine pauses.
"""

from hypothesis import HealthCheck, settings

settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")
