"""stub"""
CHECKS = ()
