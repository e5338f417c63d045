"""placeholder while it is written"""
urlpatterns: list = []
