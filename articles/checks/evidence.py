"""stub"""

CHECKS = ()
