"""The people and the logged-in clients of the other folders."""
